// The address of a Redshift cluster. AWS: API reference, RedshiftDestinationConfiguration.ClusterJDBCURL: `jdbc:redshift://host:port/database`,
// or `jdbc:postgresql:`; behind a question mark parameters of the driver.

export interface JdbcUrl {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** What `ssl` says; undefined: nothing. */
  readonly isSecure: boolean | undefined;
}

const REDSHIFT_PORT = 5_439;
const FORM = /^jdbc:(?:redshift|postgresql):\/\/(\[[0-9a-f:.]+\]|[^/:?#@\s]+)(?::(\d{1,5}))?\/([^/?#]+)(?:[?;](.*))?$/i;

export function parseJdbcUrl(text: string): JdbcUrl | undefined {
  const found = FORM.exec(text.trim());
  if (found === null) return undefined;
  const [, host = '', port, database = '', parameters = ''] = found;
  const number = port === undefined ? REDSHIFT_PORT : Number(port);
  if (number < 1 || number > 65_535) return undefined;
  const ssl = /(?:^|[&;])ssl=(true|false)/i.exec(parameters)?.[1]?.toLowerCase();
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: number,
    database,
    isSecure: ssl === undefined ? undefined : ssl === 'true',
  };
}
