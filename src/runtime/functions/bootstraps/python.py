"""Runs a Python handler: asks the Lambda Runtime API for the next invocation, calls the handler, posts what it returned.

One process serves one execution environment, one invocation at a time. Speaks HTTP over a raw socket, because importing
http.client alone would cost a fifth of a cold start. Works on Python 3.6 and newer, standard library only.

Output: a record that spans lines must arrive as one log event, so records of this file start with RECORD and carry
NEWLINE instead of line feeds; what the handler prints goes out as it is.
"""

import os
import sys

TASK_ROOT = os.environ["LAMBDA_TASK_ROOT"]
sys.path[0] = TASK_ROOT

import importlib
import json
import logging
import socket
import threading
import time
import traceback

RECORD = "\x1e"
NEWLINE = "\x1f"
LIFELINE_FD = 3
NO_BREAK_SPACE = "\u00a0"


class RuntimeFault(Exception):
    """A failure that AWS's runtime names itself: Runtime.ImportModuleError and its like."""

    def __init__(self, error_type, message, trace=None):
        super().__init__(message)
        self.error_type = error_type
        self.message = message
        self.trace = trace or []


class RuntimeApi:
    """The four calls of the Lambda Runtime API that a runtime makes, over one kept-alive connection."""

    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self.host = address
        self.socket = socket.create_connection((host, int(port)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def call(self, method, path, body=b"", headers=()):
        lines = ["%s /2018-06-01/runtime%s HTTP/1.1" % (method, path), "Host: " + self.host]
        lines.append("Content-Length: %d" % len(body))
        lines.extend("%s: %s" % header for header in headers)
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("utf-8") + body)
        return self.read_response()

    def read_more(self):
        piece = self.socket.recv(262144)
        if not piece:
            os._exit(0)
        self.buffer += piece

    def read_response(self):
        while b"\r\n\r\n" not in self.buffer:
            self.read_more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = head.decode("utf-8").split("\r\n")
        status = int(lines[0].split(" ", 2)[1])
        headers = {}
        for line in lines[1:]:
            name, value = line.split(":", 1)
            headers[name.lower()] = value.strip()
        length = int(headers.get("content-length", "0"))
        while len(self.buffer) < length:
            self.read_more()
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return status, headers, body


class CognitoIdentity:
    __slots__ = ["cognito_identity_id", "cognito_identity_pool_id"]

    def __init__(self, document):
        self.cognito_identity_id = document.get("cognitoIdentityId")
        self.cognito_identity_pool_id = document.get("cognitoIdentityPoolId")


class Client:
    __slots__ = ["installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name"]

    def __init__(self, document):
        for name in self.__slots__:
            setattr(self, name, document.get(name))


class ClientContext:
    __slots__ = ["custom", "env", "client"]

    def __init__(self, document):
        self.custom = document.get("custom")
        self.env = document.get("env")
        client = document.get("client")
        self.client = None if client is None else Client(client)


class LambdaContext:
    def __init__(self, headers):
        environ = os.environ
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.function_name = environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.tenant_id = None
        context = parse_header(headers, "lambda-runtime-client-context", "Client Context")
        self.client_context = None if context is None else ClientContext(context)
        identity = parse_header(headers, "lambda-runtime-cognito-identity", "Cognito Identity")
        self.identity = CognitoIdentity(identity or {})
        self._deadline_ms = int(headers.get("lambda-runtime-deadline-ms", "0"))

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline_ms - int(time.time() * 1000))

    def log(self, message):
        write_out(str(message))

    def __repr__(self):
        return "LambdaContext([aws_request_id=%s,function_name=%s,invoked_function_arn=%s])" % (
            self.aws_request_id,
            self.function_name,
            self.invoked_function_arn,
        )


def parse_header(headers, name, title):
    text = headers.get(name)
    if not text:
        return None
    try:
        return json.loads(text)
    except Exception as error:
        message = "Unable to parse {} JSON: {}".format(title, error)
        raise RuntimeFault("Runtime.LambdaContextUnmarshalError", message)


def write_out(text):
    sys.stdout.write(text)
    sys.stdout.flush()


def write_record(text):
    write_out(RECORD + text.replace("\n", NEWLINE) + "\n")


class RecordHandler(logging.Handler):
    """Sends each logging record as one log event, however many lines it has."""

    request_id = ""

    def emit(self, record):
        record.aws_request_id = RecordHandler.request_id
        write_record(self.format(record))


def set_up_logging():
    logging.Formatter.converter = time.gmtime
    handler = RecordHandler()
    layout = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s"
    handler.setFormatter(logging.Formatter(layout, "%Y-%m-%dT%H:%M:%S"))
    root = logging.getLogger()
    root.addHandler(handler)
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL")
    if level in logging._nameToLevel:
        root.setLevel(level)


class LineBuffered:
    """Standard output that is flushed after each write, so that a killed process loses nothing it printed."""

    def __init__(self, stream):
        self.stream = stream

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def write(self, text):
        count = self.stream.write(text)
        self.stream.flush()
        return count

    def writelines(self, lines):
        self.stream.writelines(lines)
        self.stream.flush()


DECIMAL = "\x00decimal:"


class Encoder(json.JSONEncoder):
    """Plain JSON, with the digits of a Decimal as a number, the way AWS's runtime writes them."""

    def default(self, value):
        import decimal

        if isinstance(value, decimal.Decimal):
            return float("nan") if value.is_nan() else DECIMAL + str(value)
        return super().default(value)


def keeps_unicode():
    """AWS's runtimes from 3.12 on write characters beyond ASCII as they are; the runtime asked for decides."""
    version = os.environ.get("AWS_EXECUTION_ENV", "").rpartition("python3.")[2]
    return version.isdigit() and int(version) >= 12


def encode_json(value):
    text = Encoder(ensure_ascii=not keeps_unicode()).encode(value)
    if "\\u0000decimal:" not in text:
        return text
    import re

    return re.sub(r'"\\u0000decimal:([^"]*)"', r"\1", text)


def encode_response(value):
    if isinstance(value, bytes):
        return value, "application/unknown"
    try:
        return encode_json(value).encode("utf-8"), "application/json"
    except Exception as error:
        raise RuntimeFault("Runtime.MarshalError", "Unable to marshal response: {}".format(error))


def decode_event(body, content_type):
    if content_type != "application/json":
        return body
    try:
        return json.loads(body.decode("utf-8"))
    except Exception as error:
        raise RuntimeFault("Runtime.UnmarshalError", "Unable to unmarshal input: {}".format(error))


def load_handler(name):
    module_name, separator, function_name = name.rpartition(".")
    if not separator:
        message = "Bad handler '{}': not enough values to unpack (expected 2, got 1)".format(name)
        raise RuntimeFault("Runtime.MalformedHandlerName", message)
    if module_name.split(".")[0] in sys.builtin_module_names:
        message = "Cannot use built-in module {} as a handler module".format(module_name)
        raise RuntimeFault("Runtime.BuiltInModuleConflict", message)
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        message = "Unable to import module '{}': {}".format(module_name, error)
        raise RuntimeFault("Runtime.ImportModuleError", message)
    except SyntaxError as error:
        message = "Syntax error in module '{}': {}".format(module_name, error)
        trace = ['  File "%s" Line %s\n    %s' % (error.filename, error.lineno, error.text)]
        raise RuntimeFault("Runtime.UserCodeSyntaxError", message, trace)
    handler = getattr(module, function_name, None)
    if handler is None:
        message = "Handler '{}' missing on module '{}'".format(function_name, module_name)
        raise RuntimeFault("Runtime.HandlerNotFound", message)
    return handler


def own_frames_removed(trace):
    frames = traceback.extract_tb(trace)
    while frames and (frames[0].filename == __file__ or "importlib" in frames[0].filename):
        frames = frames[1:]
    return traceback.format_list(frames)


def describe_error(error, request_id):
    if isinstance(error, RuntimeFault):
        error_type, message, trace = error.error_type, error.message, error.trace
    else:
        error_type, message, trace = type(error).__name__, str(error), own_frames_removed(error.__traceback__)
    return {"errorMessage": message, "errorType": error_type, "requestId": request_id, "stackTrace": trace}


def indent_visibly(line):
    stripped = line.lstrip(" ")
    return NO_BREAK_SPACE * (len(line) - len(stripped)) + stripped


def log_error(document):
    title = "[ERROR] " + document["errorType"]
    if document["errorMessage"]:
        title += ": " + document["errorMessage"]
    lines = [title, "Traceback (most recent call last):"]
    for element in document["stackTrace"]:
        lines.extend(indent_visibly(line) for line in element.splitlines())
    write_record("\n".join(lines))


def report_error(api, path, error, request_id):
    document = describe_error(error, request_id)
    log_error(document)
    headers = [
        ("Content-Type", "application/json"),
        ("Lambda-Runtime-Function-Error-Type", document["errorType"].encode("ascii", "replace").decode()),
    ]
    api.call("POST", path, json.dumps(document).encode("utf-8"), headers)


def serve(api, handler):
    _, headers, body = api.call("GET", "/invocation/next")
    request_id = headers["lambda-runtime-aws-request-id"]
    RecordHandler.request_id = request_id
    trace_id = headers.get("lambda-runtime-trace-id")
    if trace_id:
        os.environ["_X_AMZN_TRACE_ID"] = trace_id
    else:
        os.environ.pop("_X_AMZN_TRACE_ID", None)
    path = "/invocation/%s/" % request_id
    try:
        event = decode_event(body, headers.get("content-type", "application/json"))
        response, content_type = encode_response(handler(event, LambdaContext(headers)))
    except Exception as error:
        report_error(api, path + "error", error, request_id)
        return
    sys.stdout.flush()
    api.call("POST", path + "response", response, [("Content-Type", content_type)])


def end_with_parent():
    """The server holds the other end of this pipe; when it is gone, nobody will ask for the answer."""
    while os.read(LIFELINE_FD, 1):
        pass
    os._exit(0)


def main():
    os.set_inheritable(LIFELINE_FD, False)
    threading.Thread(target=end_with_parent, daemon=True).start()
    sys.stdout = LineBuffered(sys.stdout)
    sys.stderr = LineBuffered(sys.stderr)
    set_up_logging()
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    try:
        handler = load_handler(os.environ["_HANDLER"])
    except Exception as error:
        report_error(api, "/init/error", error, "")
        sys.exit(1)
    while True:
        serve(api, handler)


main()
