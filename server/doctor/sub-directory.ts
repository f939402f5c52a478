/** The path that an address begins with, as BASE_PATH is written: `/itsm-ng`, or empty. */
export const subDirectoryOf = (address: string): string => new URL(address).pathname.replace(/\/+$/, '')
