import { type Static, Type } from 'typebox'
import { count, orNull, TIME, time } from './fields.ts'
import { pageOf } from './paging.ts'

const JobKind = Type.Union([Type.Literal('import'), Type.Literal('method_change')], {
  description: 'What it does',
})
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
    notes: Type.Array(Type.String(), {
      description: 'What is worth knowing, such as columns that were ignored',
    }),
    problem: Type.String({ description: 'Why it failed as a whole; empty otherwise' }),
  },
  { title: 'Job', description: 'Long work and how far it is' },
)
export type Job = Static<typeof Job>

export const JobPage = pageOf(Job, 'JobPage', 'Jobs, newest first')
