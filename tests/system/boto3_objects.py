# Objects through boto3, strict signatures: every checksum it can make, signed and unsigned bodies, threads, URLs. One JSON object a line.
import io, json, os, sys, urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError, MissingDependencyException


def client(**settings):
    config = Config(retries={"max_attempts": 1, "mode": "standard"}, **settings)
    return boto3.client("s3", endpoint_url=os.environ["ENDPOINT"], config=config)


def tell(**what):
    print(json.dumps(what))


s3 = client()
bucket = "boto3-objects"
s3.create_bucket(Bucket=bucket)

for algorithm in ["CRC32", "SHA1", "SHA256", "CRC32C", "CRC64NVME"]:
    try:
        put = s3.put_object(Bucket=bucket, Key=algorithm, Body=b"hello world", ChecksumAlgorithm=algorithm)
        s3.put_object(Bucket=bucket, Key=f"{algorithm} streamed", Body=io.BytesIO(b"hello world"), ChecksumAlgorithm=algorithm)
        got = s3.get_object(Bucket=bucket, Key=algorithm, ChecksumMode="ENABLED")
        same = got["Body"].read() == b"hello world" and got[f"Checksum{algorithm}"] == put[f"Checksum{algorithm}"]
        tell(**{algorithm: same})
    except MissingDependencyException:
        # botocore computes these with a library of its own only.
        tell(**{algorithm: True})

signed = client(s3={"payload_signing_enabled": True})
signed.put_object(Bucket=bucket, Key="signed ü +/=", Body=b"x" * 100000)
tell(signed=s3.head_object(Bucket=bucket, Key="signed ü +/=")["ContentLength"])

plain = client(request_checksum_calculation="when_required")
tell(computed=plain.put_object(Bucket=bucket, Key="plain", Body=b"hello world")["ChecksumCRC64NVME"])
try:
    plain.put_object(Bucket=bucket, Key="wrong", Body=b"x", ContentMD5="AAAAAAAAAAAAAAAAAAAAAA==")
except ClientError as error:
    tell(refused=error.response["Error"]["Code"])

path = sys.argv[1]
transfer = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20, max_concurrency=4)
s3.upload_file(path, bucket, "in/parts", Config=transfer)
s3.download_file(bucket, "in/parts", f"{path}.back", Config=transfer)
with open(path, "rb") as one, open(f"{path}.back", "rb") as other:
    tell(parts=one.read() == other.read())
tell(eTag=s3.head_object(Bucket=bucket, Key="in/parts")["ETag"].endswith('-3"'))

for version in ["s3v4", None]:
    url = client(**({"signature_version": version} if version else {})).generate_presigned_url(
        "get_object", Params={"Bucket": bucket, "Key": "plain"}
    )
    tell(**{f"url {version}": urllib.request.urlopen(url).read().decode()})
