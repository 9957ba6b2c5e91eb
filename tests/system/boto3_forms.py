# Browsers' forms as boto3 presigns them, strict signatures: both versions of signatures, session credentials, conditions. One JSON object a line.
import json, os

import boto3
import urllib3
from botocore.config import Config

http = urllib3.PoolManager()
bucket = "boto3-forms"


def client(service="s3", session=None, **settings):
    config = Config(retries={"max_attempts": 1, "mode": "standard"}, **settings)
    return (session or boto3).client(service, endpoint_url=os.environ["ENDPOINT"], config=config)


def tell(**what):
    print(json.dumps(what))


def post(presigned, content=b"hello world", name="cat.jpg", **more):
    fields = {**presigned["fields"], **more, "file": (name, content, "image/jpeg")}
    answer = http.request("POST", presigned["url"], fields=fields, redirect=False)
    text = answer.data.decode()
    return answer.status, text.split("<Code>")[1].split("<")[0] if "<Code>" in text else text


s3 = client()
s3.create_bucket(Bucket=bucket)

for version in ["s3v4", "s3", None]:
    for style in ["path", "auto"]:
        presigner = client(**({"signature_version": version} if version else {}), s3={"addressing_style": style})
        key = f"{version} {style}/ü"
        status, _ = post(presigner.generate_presigned_post(bucket, key))
        tell(**{key: [status, s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()]})

presigned = s3.generate_presigned_post(
    bucket,
    "in/${filename}",
    Fields={"Content-Type": "image/jpeg", "x-amz-meta-from": "shop", "success_action_status": "201"},
    Conditions=[
        ["starts-with", "$Content-Type", "image/"],
        {"x-amz-meta-from": "shop"},
        {"success_action_status": "201"},
        ["content-length-range", 1, 20],
    ],
)
status, text = post(presigned)
tell(created=[status, "<Key>in/cat.jpg</Key>" in text])
head = s3.head_object(Bucket=bucket, Key="in/cat.jpg")
tell(head=[head["ContentType"], head["Metadata"], head["ContentLength"]])
tell(large=post(presigned, b"x" * 21))
tell(small=post(presigned, b""))
tell(other=post(presigned, **{"Content-Type": "text/html"}))
tell(extra=post(presigned, **{"x-amz-meta-more": "1"}))
tell(late=post(s3.generate_presigned_post(bucket, "late", ExpiresIn=-5)))
tell(foreign=post(s3.generate_presigned_post("another-bucket", "k") | {"url": presigned["url"]}))

wrong = boto3.Session(os.environ["AWS_ACCESS_KEY_ID"], "wrong")
tell(wrong=post(client(session=wrong).generate_presigned_post(bucket, "wrong")))
nobody = boto3.Session("AKIANOBODY0000000001", "wrong")
tell(nobody=post(client(session=nobody).generate_presigned_post(bucket, "nobody")))

given = client("sts").get_session_token()["Credentials"]
names = ["AccessKeyId", "SecretAccessKey", "SessionToken"]
passing = boto3.Session(*[given[name] for name in names])
presigned = client(session=passing).generate_presigned_post(bucket, "session")
tell(session=post(presigned)[0])
without = {name: value for name, value in presigned["fields"].items() if name != "x-amz-security-token"}
tell(tokenless=post(presigned | {"fields": without}))
tell(keys=sorted(found["Key"] for found in s3.list_objects_v2(Bucket=bucket)["Contents"]))
