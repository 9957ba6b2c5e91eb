// Why a record cannot be converted. Codes and beginnings of the texts are seen in error records of AWS.

export class ConversionError extends Error {
  override readonly name = 'ConversionError';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export function malformedJson(detail: string): ConversionError {
  return new ConversionError('DataFormatConversion.ParseError', `Encountered malformed JSON. ${detail}`);
}

export function doesNotFit(detail: string): ConversionError {
  return new ConversionError('DataFormatConversion.MalformedData', `Data does not match the schema. ${detail}`);
}

/** As Java says it of numbers. */
export function notThis(text: string): ConversionError {
  return doesNotFit(`For input string: ${JSON.stringify(text.slice(0, 100))}`);
}

export function unusableSchema(detail: string): ConversionError {
  return new ConversionError('DataFormatConversion.InvalidSchema', detail);
}
