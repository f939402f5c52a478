import { type Static, Type } from 'typebox'
import { count, orNull, TIME, time } from './fields.ts'
import { pageOf } from './paging.ts'

const JobKind = Type.Union(
  [
    Type.Literal('import', { description: 'People or RIOs from a file' }),
    Type.Literal('method_change', { description: 'RIOs to another place' }),
    Type.Literal('method_undo', { description: 'Takes such a change back' }),
  ],
  { description: 'What it does' },
)
export type JobKind = Static<typeof JobKind>

const JobState = Type.Union(
  [
    Type.Literal('waiting', { description: 'Not begun yet' }),
    Type.Literal('running', { description: 'Under way' }),
    Type.Literal('done', { description: 'Finished; the report tells what could not be done' }),
    Type.Literal('failed', {
      description: 'Ended early; `problem` tells why. What was done until then stays.',
    }),
    Type.Literal('cancelled', { description: 'Ended on request. What was done until then stays.' }),
  ],
  { description: 'How it stands with the job' },
)
export type JobState = Static<typeof JobState>

/** What a change of the storage method comes to, person by person. */
const MethodChangeDetails = Type.Object(
  {
    copied: count('How many RIOs were copied, or would be'),
    same: count('How many people have the same RIO in the new place already'),
    empty: count('How many have no RIO in the old place'),
    logins: count('How many logins change by it'),
    problems: Type.Record(Type.String(), Type.Integer({ minimum: 1 }), {
      description:
        'How many could not be copied, by reason: `beyond_you`, `shared`, `taken`, `occupied`, `too_long`, `not_allowed` or `directory_owned`; the report tells who, and what each means',
    }),
  },
  { description: 'What a change of the storage method, or its preview, has counted so far' },
)
export type MethodChangeDetails = Static<typeof MethodChangeDetails>

/** Long work that somebody asked for. */
export const Job = Type.Object(
  {
    id: Type.Integer(),
    kind: JobKind,
    state: JobState,
    dryRun: Type.Boolean({
      description: 'Whether it only tells what it would do; its counts then tell that',
    }),
    startedBy: Type.Object(
      {
        id: Type.Integer({ description: 'The user; 0 for the operator of the machine' }),
        name: Type.String(),
      },
      { description: 'Who asked for it' },
    ),
    createdAt: time('When it was asked for'),
    finishedAt: orNull(TIME, 'When it ended; null before'),
    total: count('Lines or people to deal with; of a file an estimate until the end'),
    done: count('How many of them are dealt with, whatever came of it'),
    created: count('How many made somebody new'),
    changed: count('How many changed somebody'),
    unchanged: count('How many changed nothing, since everything was so already'),
    failed: count('How many were refused; the report tells why'),
    details: Type.Optional(MethodChangeDetails),
    notes: Type.Array(Type.String(), {
      description: 'What is worth knowing, such as columns that were ignored',
    }),
    problem: Type.String({ description: 'Why it failed as a whole; empty otherwise' }),
  },
  { title: 'Job', description: 'Long work and how far it is' },
)
export type Job = Static<typeof Job>

export const JobPage = pageOf(Job, 'JobPage', 'Jobs, newest first')
