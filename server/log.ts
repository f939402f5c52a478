import { pino } from 'pino'

/** The frames of a stack, without the message above them. */
function frames(stack: string | undefined): string[] {
  return (stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim())
}

/**
 * An error as it may be written down. What a database driver says can quote the values of a statement, which are people's
 * identifiers, so of those only the code is kept.
 */
export function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : undefined
  const code = 'code' in error ? error.code : undefined
  const fromDriver = 'sqlMessage' in error || 'errstr' in error
  return {
    type: error.name,
    ...(code === undefined ? {} : { code }),
    ...('errno' in error ? { errno: error.errno } : {}),
    ...(fromDriver ? {} : { message: error.message }),
    stack: frames(error.stack),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  }
}

/** The process's log: one JSON object a line. Tokens, identifiers and phone numbers never reach it. */
export function createLog(
  level: string,
  destination: pino.DestinationStream = pino.destination(1),
): pino.Logger {
  return pino(
    {
      level,
      base: { pid: process.pid },
      serializers: { cause: describeError, err: describeError },
      // Nothing logs these; should a library ever do so, they stay out all the same.
      redact: ['req', 'res', 'headers', 'url', 'query', 'body', 'params'],
    },
    destination,
  )
}
