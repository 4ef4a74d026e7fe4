// Runs in the page: reads and writes the registry with the OData V4 model of UI5, in its default group `$auto`.
sap.ui.require(
  ["sap/ui/model/odata/v4/ODataModel", "sap/ui/model/Filter", "sap/ui/model/Sorter"],
  async (ODataModel, Filter, Sorter) => {
    const { base, pat } = window.registry;
    const done = [];
    const check = (holds, what) => {
      if (!holds) throw new Error(what);
    };
    try {
      const model = new ODataModel({ serviceUrl: `${base}/api/domain/odata/`, autoExpandSelect: true, operationMode: "Server" });
      model.changeHttpHeaders({ Authorization: `Bearer ${pat}` });
      // The model builds no filters of enumerations.
      const only = new Filter("LastUsedTimestamp", "GE", "2020-01-01T00:00:00Z");
      const parameters = { $filter: "Kind eq 'PersonalAccessToken'", $select: "Id,Kind,Description", $expand: { User: { $select: "Login" } }, $count: true };
      const tokens = model.bindList("/Systems_Security_AccessTokens", undefined, [new Sorter("CreationTimestamp", true)], [only], parameters);
      const rows = await tokens.requestContexts(0, 5);
      check(rows.length === 5 && rows.every((row) => row.getProperty("Kind") === "PersonalAccessToken"), "five tokens");
      check(rows[0].getProperty("User/Login"), "the login of the first");
      check(tokens.getHeaderContext().getProperty("$count") >= 5, "the count");
      done.push("reads");

      const users = model.bindList("/Systems_Security_Users", undefined, [new Sorter("Login", false)], [], { $select: "Id,Login,Name,Active" });
      await users.requestContexts(0, 3);
      const created = users.create({ Login: "openui5", Name: "Ursula" });
      await created.created();
      check(created.getProperty("Id") && created.getProperty("Active") === true, "the created row");
      done.push("creates");
      await created.setProperty("Name", "Ulla");
      const again = model.bindContext(created.getPath(), undefined, { $select: "Name" });
      check((await again.requestObject()).Name === "Ulla", "the changed name");
      done.push("changes");

      const twice = users.create({ Login: "openui5", Name: "Udo" }, true);
      const completed = await new Promise((resolve) => users.attachEventOnce("createCompleted", (event) => resolve(event.getParameter("success"))));
      check(completed === false, "the login is taken");
      twice.created().catch(() => {});
      await users.resetChanges();
      done.push("refused");

      await created.delete();
      const gone = model.bindContext(again.getPath(), undefined, { $select: "Name" });
      check(await gone.requestObject().then(() => false, (error) => error.status === 404), "the deleted row");
      done.push("deletes");
      fetch("/result", { method: "POST", body: JSON.stringify({ done }) });
    } catch (error) {
      fetch("/result", { method: "POST", body: JSON.stringify({ done, error: String(error.stack ?? error) }) });
    }
  },
);
