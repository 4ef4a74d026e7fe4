//! The operations of the service.

use crate::method::{optional, required};
use crate::{Method, ParameterDefault, ParameterType, ReturnType, Verb};

/// The actions and functions of the service, which belong to no entity.
pub static SERVICE_METHODS: &[Method] = &[
    Method {
        name: "BeginTransaction",
        description: "Begins an object transaction, and returns its identifier for the header TransactionId. Writes of the \
                      transaction take effect with EndTransaction.",
        return_type: ReturnType::Text,
        declared_by: "Service",
        verb: Verb::Post,
        parameters: &[
            optional(
                "model",
                "The model of the rules: 'common' or 'frontend'. Both have the same rules.",
                ParameterType::Text,
                ParameterDefault::Null,
            ),
            optional(
                "trackChanges",
                "Whether GetChanges and WaitForChanges can be called",
                ParameterType::Bool,
                ParameterDefault::Bool(false),
            ),
        ],
    },
    Method {
        name: "EndTransaction",
        description: "Ends the transaction of the header TransactionId. If new rows have secrets, the response has them.",
        return_type: ReturnType::OpenObject,
        declared_by: "Service",
        verb: Verb::Post,
        parameters: &[optional(
            "commit",
            "Whether the writes of the transaction take effect",
            ParameterType::Bool,
            ParameterDefault::Bool(true),
        )],
    },
    Method {
        name: "Import",
        description: "Creates, changes and deletes rows of any entity. Each object has @odata.type, and @erpnet.action and \
                      @erpnet.findBy if required. The response has a result for each object, which is sent while the \
                      objects after it are still received.",
        return_type: ReturnType::OpenObject,
        declared_by: "Service",
        verb: Verb::Post,
        parameters: &[
            optional(
                "transaction",
                "'per-object': each object takes effect on its own; 'all-objects': all of them take effect, or none",
                ParameterType::Text,
                ParameterDefault::Null,
            ),
            optional(
                "model",
                "The model of the rules: 'common' or 'frontend'. Both have the same rules.",
                ParameterType::Text,
                ParameterDefault::Null,
            ),
            optional(
                "loggingLevel",
                "0: no audit event of the import; 1: one with the numbers of objects; 2: also with the identifiers of the rows",
                ParameterType::Int32,
                ParameterDefault::Int(2),
            ),
            required("objects", "The objects. The other parameters precede them.", ParameterType::Objects),
        ],
    },
    Method {
        name: "GetChanges",
        description: "Returns what the transaction of the header TransactionId changed since its changes were last returned.",
        return_type: ReturnType::OpenObject,
        declared_by: "Service",
        verb: Verb::Get,
        parameters: &[],
    },
    Method {
        name: "WaitForChanges",
        description: "Returns what GetChanges returns; if nothing changed, it waits for a change first.",
        return_type: ReturnType::OpenObject,
        declared_by: "Service",
        verb: Verb::Get,
        parameters: &[],
    },
    Method {
        name: "GetVersion",
        description: "Returns the version of the service.",
        return_type: ReturnType::OpenObject,
        declared_by: "Service",
        verb: Verb::Get,
        parameters: &[],
    },
    Method {
        name: "GetRenamedEntityTypes",
        description: "Returns the entity sets that were renamed, with their former and their new names.",
        return_type: ReturnType::CollectionOf("RenamedEntityType"),
        declared_by: "Service",
        verb: Verb::Get,
        parameters: &[],
    },
    Method {
        name: "Reset",
        description: "Returns that the model is current. Clients of the documented system call it after a change of the model; \
                      here the model changes only with the version, so nothing is reset.",
        return_type: ReturnType::OpenObject,
        declared_by: "Service",
        verb: Verb::Get,
        parameters: &[],
    },
];
