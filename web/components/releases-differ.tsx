import { useFrame } from '../lib/frame.tsx'
import { Notice } from './notice.tsx'

/** The plugin in the host, which writes our element, and the server are updated apart: a line says so where one is behind. */
export function ReleasesDiffer({ plugin }: { plugin: string }) {
  const { session, words } = useFrame()
  if (plugin === '' || plugin === session.version) return null
  return <Notice kind="warning">{words.common.releasesDiffer(plugin, session.version)}</Notice>
}
