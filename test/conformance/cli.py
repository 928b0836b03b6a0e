"""Runs the AWS CLI's own driver for one command after another, in one process, because starting Python for each takes longer
than everything else. Reads a JSON line with the words and the environment of a command, writes one with what came of it:
standard output and error, and the status and error code of the last HTTP answer as botocore read it."""

import contextlib
import io
import json
import os
import sys

from awscli.clidriver import create_clidriver

# Importing the driver sets where its own data is.
OWN = {name: os.environ[name] for name in ("AWS_DATA_PATH",) if name in os.environ}


def run(words, env):
    os.environ.clear()
    os.environ.update({**OWN, **env})
    answers = []

    def note(response_dict, parsed_response, **_):
        error = (parsed_response or {}).get("Error", {})
        answers.append({"status": response_dict["status_code"], "code": error.get("Code"), "message": error.get("Message")})

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            driver = create_clidriver()
            driver.session.register("response-received", note)
            status = driver.main(words)
        except SystemExit as end:
            status = end.code
    return {"exit": status, "out": out.getvalue(), "err": err.getvalue(), "last": answers[-1] if answers else None}


answers = sys.stdout
for line in sys.stdin:
    request = json.loads(line)
    answers.write(json.dumps(run(request["words"], request["env"])) + "\n")
    answers.flush()
