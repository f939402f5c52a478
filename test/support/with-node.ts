import { dirname } from 'node:path'

/** The environment of commands that look for Node: they find the one that runs the tests. */
export const WITH_NODE = {
  ...process.env,
  PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
}
