// Bluesky's own server (PDS) and directory of DIDs (PLC), for tests: `node server.mjs FOLDER`,
// where FOLDER has @atproto/dev-env installed. Prints their addresses as one line of JSON and
// ends when its standard input does, so that it never outlives who started it.
import { createRequire } from 'node:module'
import net from 'node:net'
import path from 'node:path'

const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (port, ...rest) {
  // Both would listen on every interface: this machine is enough.
  return typeof port === 'number' || /^\d+$/.test(port)
    ? listen.call(this, { port: Number(port), host: '127.0.0.1' }, ...rest.filter((r) => typeof r === 'function'))
    : listen.call(this, port, ...rest)
}

const require = createRequire(path.join(process.argv[2], 'package.json'))
const { TestNetworkNoAppView } = require('@atproto/dev-env')
const network = await TestNetworkNoAppView.create()
console.log(JSON.stringify({ plc: network.plc.url, pds: network.pds.url }))

process.stdin.resume()
process.stdin.on('end', async () => {
  const patience = setTimeout(() => process.exit(0), 5000)
  await network.close()
  clearTimeout(patience)
  process.exit(0)
})
