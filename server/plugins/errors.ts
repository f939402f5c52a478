import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { LogController } from 'fastify'
import type { Problem } from '../../contract/problem.ts'
import { AppError, ERRORS, type ErrorCode } from '../domain/errors.ts'
import { REQUEST_ID_HEADER } from '../request-id.ts'

/** What Fastify and its plugins throw, in the words of our table. */
const FRAMEWORK_ERRORS: Record<string, ErrorCode> = {
  FST_ERR_BAD_URL: 'identifier-malformed',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media-type-unsupported',
  FST_UNDER_PRESSURE: 'overloaded',
}

const UNDER_PRESSURE_RETRY = 10

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}

/** Any failure as a value of the table; what is not expected is a 500 and keeps its cause for the log. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (isFastifyError(error)) {
    const code = FRAMEWORK_ERRORS[error.code]
    if (code === 'overloaded') return new AppError(code, { retryAfter: UNDER_PRESSURE_RETRY })
    if (code !== undefined) return new AppError(code, { cause: error })
    const [problem] = error.validation ?? []
    if (problem !== undefined) {
      const field =
        problem.instancePath.slice(1).replaceAll('/', '.') || String(problem.params.missingProperty ?? '')
      // What is said of an additional property, which the schema of `false` refuses.
      const reason = problem.keyword === 'boolean' ? 'has no such field' : problem.message
      const detail = `${error.validationContext ?? 'request'} ${reason ?? 'is not of the expected form'}`
      return new AppError('request-malformed', { detail, ...(field === '' ? {} : { field }), cause: error })
    }
    if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
      return new AppError('request-malformed', { cause: error })
    }
  }
  return new AppError('internal-error', { cause: error })
}

/**
 * Logs a failure with what a reader needs to find the cause, and nothing of what the caller sent: neither address nor body
 * nor identifier.
 */
function logFailure(request: FastifyRequest, error: AppError): void {
  const { method, routeOptions } = request
  const line = { method, route: routeOptions.url ?? null, status: error.status, code: error.code }
  if (error.status >= 500) request.log.error({ ...line, cause: error.cause ?? error.detail }, error.message)
  else request.log.info(line, ERRORS[error.code].title)
}

interface ErrorAnswer {
  /** Where the scope's statuses differ from the table's. */
  status?: number
  body: unknown
}

/** Answers failures of a scope in the scope's own shape; used as its error handler. */
export function answerErrors(
  toAnswer: (error: AppError, request: FastifyRequest) => ErrorAnswer,
  contentType = 'application/json; charset=utf-8',
) {
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const error = toAppError(thrown)
    logFailure(request, error)
    if (error.retryAfter !== undefined) reply.header('retry-after', Math.max(1, Math.ceil(error.retryAfter)))
    const { status = error.status, body } = toAnswer(error, request)
    reply.header(REQUEST_ID_HEADER, request.id)
    // Serialised as it is: the route's response schemas need not know every status.
    return reply.code(status).type(contentType).send(JSON.stringify(body))
  }
}

/** RFC 9457, for `api/v1` and everything that has no shape of its own. */
export const answerProblems = answerErrors((error, request) => {
  const { title, remedy } = ERRORS[error.code]
  const body: Problem = {
    type: `/problems/${error.code}`,
    title,
    status: error.status,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    ...(error.field === undefined ? {} : { field: error.field }),
    remedy,
    requestId: request.id,
  }
  return { body }
}, 'application/problem+json; charset=utf-8')

/** `{"error": "…"}`, for `api.php`. */
export const answerLegacyErrors = answerErrors((error) => ({ body: { error: error.message } }))

/**
 * Fastify's own log lines hold addresses of requests, which hold identifiers. Requests are logged by request-log.ts and
 * failures above; of the rest only the error is kept.
 */
export class QuietLogController extends LogController {
  constructor() {
    super({ disableRequestLogging: true })
  }
}
