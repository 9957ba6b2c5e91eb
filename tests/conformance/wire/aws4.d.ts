// The part of aws4 (which ships no types) that the signature tests use.
declare module 'aws4' {
  interface SignedRequest {
    readonly path?: string;
    readonly headers: Readonly<Record<string, string | number>>;
  }
  const aws4: {
    sign(
      request: object,
      credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
    ): SignedRequest;
  };
  export default aws4;
}
