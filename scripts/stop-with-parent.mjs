// Loaded into the server by start.mjs. The server stands outside our process group (see there), so when `npm start`
// is killed outright nobody would tell it: the channel to its parent, which then closes, does.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()
