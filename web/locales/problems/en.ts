import type { ProblemWords } from '../../lib/problem-words.ts'

/** Where the server's own words are meant for programs, those for people. What is not here is said as it came. */
const GONE = 'It may have been removed meanwhile, or lie outside of your entities. Reload the page.'
const RELOAD = 'Reload the page: Call Manager may have been updated meanwhile.'

export const words: ProblemWords = {
  problems: {
    'session-missing': { title: 'You are not logged in', remedy: 'Log in again.' },
    'session-invalid': { title: 'Your session has ended', remedy: 'Log in again.' },
    'origin-refused': {
      title: 'The request does not come from our own pages',
      remedy: 'Open Call Manager at its own address, and try again there.',
    },
    'identifier-malformed': {
      title: 'Malformed identifier',
      remedy: 'It has 1 to 255 characters, and no control characters.',
    },
    'request-malformed': {
      title: 'The server did not understand the request',
      remedy: 'Look at what you have typed. If that is right, reload the page.',
    },
    'route-unknown': { title: 'Not found', remedy: RELOAD },
    'method-not-allowed': { title: 'The server does not do this', remedy: RELOAD },
    'user-unknown': { title: 'User not found', remedy: GONE },
    'ticket-unknown': { title: 'Ticket not found', remedy: GONE },
    'followup-unknown': { title: 'Followup not found', remedy: GONE },
    'profile-unknown': { title: 'Profile not found', remedy: GONE },
    'entity-unknown': { title: 'Entity not found', remedy: GONE },
    'location-unknown': { title: 'Location not found', remedy: GONE },
    'job-unknown': { title: 'Job not found', remedy: 'It may have been removed meanwhile. Reload the page.' },
    'last-administrator': {
      title: 'Nobody could administer Call Manager any more',
      remedy: 'First give “Config update” to another profile that somebody usable holds.',
    },
    'job-running': {
      title: 'Another job of this kind is under way',
      remedy: 'Wait until it has ended, or cancel it.',
    },
    'request-under-way': {
      title: 'The first try has no answer yet',
      remedy: 'Try again in a moment: it is made only once.',
    },
    'changed-meanwhile': {
      title: 'Changed by somebody else meanwhile',
      remedy: 'Read it again, and look at what has changed before you save.',
    },
    'precondition-required': { title: 'The page is out of date', remedy: RELOAD },
    'body-too-large': {
      title: 'This is too much at once',
      remedy: 'Shorten the text, or choose a smaller file.',
    },
    'media-type-unsupported': {
      title: 'The server does not read files of this kind',
      remedy: 'Choose a CSV file.',
    },
    'value-refused': { title: 'Value refused', remedy: 'Correct it, and try again.' },
    'idempotency-key-reused': {
      title: 'This was sent before, with another content',
      remedy: 'Reload the page, and look at what has been made.',
    },
    'too-many-requests': { title: 'Too many requests', remedy: 'Wait a moment, then try again.' },
    'internal-error': {
      title: 'Internal error',
      remedy: 'Tell your administrator the number of the request; it leads to the cause in the log.',
    },
    overloaded: { title: 'The server is overloaded', remedy: 'Try again in a moment.' },
  },
  details: {},
  patterns: [[/^(?:body|querystring|params) (must .*)$/, 'it $1']],
}
