// Sends the answer on without a click where scripts run.
document.getElementById("answer").submit();
