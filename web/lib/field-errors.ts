import type { Failure } from './client.ts'

export interface FieldErrors<Field extends string> {
  /** What is wrong with a field, to be told beside it. */
  of: (field: Field) => string | undefined
  /** What no field of the form is at fault for, to be told above them. */
  rest: Failure | null
}

/** Parts a failure among the fields of a form and the form itself, by the field that the server names. */
export function fieldErrors<Field extends string>(
  failure: Failure | null,
  fields: readonly Field[],
): FieldErrors<Field> {
  const problem = failure?.kind === 'problem' ? failure.problem : undefined
  // `emails.0` is told beside `emails`.
  const named = problem?.field?.split('.')[0]
  const field = fields.find((one) => one === named)
  if (problem === undefined || field === undefined) return { of: () => undefined, rest: failure }
  return {
    of: (one) => (one === field ? sentence(problem.detail || problem.title) : undefined),
    rest: null,
  }
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`.replace(/\.\.$/, '.')
