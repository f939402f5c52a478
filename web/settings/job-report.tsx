import type { Job } from '../../contract/jobs.ts'
import { DownloadLink } from '../components/download-link.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { TableScroll } from '../components/table-scroll.tsx'
import { Waiting } from '../components/waiting.tsx'
import { useFrame } from '../lib/frame.tsx'
import { type Links, linksOf } from '../lib/links.ts'
import { useResource } from '../lib/use-resource.ts'
import { type ReportLine, readReport, SHOWN } from './read-report.ts'

/** Who or which lines a job has refused, and why: the first of them, and all of them to keep. */
export function JobReport({ job }: { job: Job }) {
  const frame = useFrame()
  const { client, words, language } = frame
  const text = words.transfer.report
  const report = useResource((signal) => readReport(client, language, job.id, signal), [job.id])
  const links = linksOf(frame)
  const ofFile = job.kind === 'import'
  return (
    <>
      <div class="spread">
        <strong>{text.title}</strong>
        <DownloadLink href={client.url(`jobs/${job.id}/report`)}>{text.download}</DownloadLink>
      </div>
      {report.state === 'failed' && <FailureNotice failure={report.failure} onRetry={report.retry} />}
      {report.data === undefined && report.state === 'loading' && <Waiting />}
      {report.data && report.data.length > 0 && (
        <TableScroll label={text.of(job.id)}>
          <table>
            <thead>
              <tr>
                <th scope="col" class="number">
                  {ofFile ? text.line : text.person}
                </th>
                <th scope="col">{ofFile ? text.column : text.place}</th>
                <th scope="col">{text.reason}</th>
              </tr>
            </thead>
            <tbody>
              {report.data.map((line, index) => (
                <tr key={index}>
                  <td class="number">{ofFile ? line.line : <UserLink links={links} id={line.line} />}</td>
                  <td class="typed">{ofFile ? line.column : placeOf(line, words)}</td>
                  <td>{line.reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      {report.data && report.data.length === SHOWN && <p class="hint">{text.first(SHOWN)}</p>}
    </>
  )
}

/** The report names people by their ids alone. */
function UserLink({ links, id }: { links: Links; id: number }) {
  return (
    <a href={links.user(id)} {...(links.leave ? { target: '_blank', rel: 'noopener' } : {})}>
      {id}
    </a>
  )
}

function placeOf({ column }: ReportLine, { settings }: ReturnType<typeof useFrame>['words']): string {
  const places: Record<string, string> = settings.methods
  return places[column] ?? column
}
