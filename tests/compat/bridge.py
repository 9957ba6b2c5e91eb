"""Runs calls that come in as lines of JSON with boto3, or with the AWS command line in this process; answers in lines of JSON.

Bytes travel as {"$bytes": base64}.
"""

import base64
import contextlib
import datetime
import io
import json
import os
import re
import sys
import tempfile

ENDPOINT = os.environ["ENDPOINT"]


def revived(value):
    if isinstance(value, dict):
        if set(value) == {"$bytes"}:
            return base64.b64decode(value["$bytes"])
        return {name: revived(each) for name, each in value.items()}
    return [revived(each) for each in value] if isinstance(value, list) else value


def plain(value):
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items() if name != "ResponseMetadata"}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, (bytes, bytearray)):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return plain(value.read()) if hasattr(value, "read") else value


class Refused(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class Boto3:
    def __init__(self):
        import boto3

        self.boto3 = boto3
        self.clients = {}

    def call(self, service, operation, given, key):
        from botocore import xform_name
        from botocore.exceptions import ClientError

        name = (service, key["accessKeyId"], key["secretAccessKey"])
        if name not in self.clients:
            self.clients[name] = self.boto3.client(
                service,
                endpoint_url=ENDPOINT,
                region_name="us-east-1",
                aws_access_key_id=key["accessKeyId"],
                aws_secret_access_key=key["secretAccessKey"],
                aws_session_token=key.get("sessionToken"),
            )
        client = self.clients[name]
        try:
            return getattr(client, xform_name(operation))(**revived(given))
        except ClientError as error:
            # Modelled errors are classes of their own; users catch those.
            kind = type(error).__name__
            raise Refused(error.response["Error"]["Code"] if kind == "ClientError" else kind, error.response["Error"]["Message"])


class CommandLine:
    """The program `aws`, without starting Python anew for each command."""

    def __init__(self):
        self.drivers = {}

    def driver(self, key):
        """It reads its credentials once, so each key has one of its own."""
        from awscli.clidriver import create_clidriver

        os.environ.update(AWS_ACCESS_KEY_ID=key["accessKeyId"], AWS_SECRET_ACCESS_KEY=key["secretAccessKey"])
        os.environ.pop("AWS_SESSION_TOKEN", None)
        if "sessionToken" in key:
            os.environ["AWS_SESSION_TOKEN"] = key["sessionToken"]
        name = (key["accessKeyId"], key["secretAccessKey"])
        if name not in self.drivers:
            self.drivers[name] = create_clidriver()
        return self.drivers[name]

    def call(self, service, operation, given, key):
        from botocore import xform_name

        driver = self.driver(key)
        given = revived(given)
        with tempfile.TemporaryDirectory() as folder:
            arguments = ["--endpoint-url", ENDPOINT, "--region", "us-east-1", "--output", "json", "--no-paginate"]
            arguments += [service, xform_name(operation, "-")]
            outfile = os.path.join(folder, "out")
            # Files are how the command line takes and gives what is no text.
            for option, value in (("--zip-file", given.get("Code", {}).pop("ZipFile", None)), ("--payload", given.pop("Payload", None))):
                if value is not None:
                    path = os.path.join(folder, option.strip("-"))
                    with open(path, "wb") as file:
                        file.write(value)
                    arguments += [option, f"fileb://{path}"]
            if given.get("Code") == {}:
                del given["Code"]
            if operation == "Invoke":
                # Commands that write a file take no JSON.
                for name, value in given.items():
                    arguments += [f"--{xform_name(name, '-')}", value]
                arguments.append(outfile)
            else:
                arguments += ["--cli-input-json", json.dumps(given, default=bytes.decode)]
            out, err = io.StringIO(), io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                try:
                    code = driver.main(arguments)
                except SystemExit as ended:
                    code = ended.code
            told = re.search(r"An error occurred \(([^)]+)\) when calling the \w+ operation(?: \([^)]*\))?: (.*)", err.getvalue(), re.S)
            if told:
                raise Refused(told[1], told[2].strip())
            if code != 0:
                raise RuntimeError(err.getvalue())
            answer = json.loads(out.getvalue() or "{}")
            if operation == "Invoke":
                with open(outfile, "rb") as file:
                    answer["Payload"] = file.read()
            return answer


def main():
    runner = {"boto3": Boto3, "command-line": CommandLine}[sys.argv[1]]()
    answers = sys.stdout
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = {"output": plain(runner.call(asked["service"], asked["operation"], asked["input"], asked["key"]))}
        except Refused as refused:
            answer = {"refused": {"code": refused.code, "message": str(refused)}}
        except Exception as error:  # Told to the test, which fails with it.
            answer = {"failed": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


main()
