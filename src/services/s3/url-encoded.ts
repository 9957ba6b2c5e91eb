// Keys in events. AWS: S3 user guide, "Event message structure": "The object key name value is URL encoded. For example, "red flower.jpg" becomes
// "red+flower.jpg"." A slash stays.

export function urlEncoded(text: string): string {
  return uriEncoded(text)
    .replaceAll('%2F', '/')
    .replaceAll('%20', '+')
    .replace(/[!'()]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** `encodeURIComponent` of any text: half a surrogate pair, which has no bytes, becomes U+FFFD. */
export function uriEncoded(text: string): string {
  return encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, '\ufffd'));
}
