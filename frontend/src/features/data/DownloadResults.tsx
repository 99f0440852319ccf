import { bytes } from '../../core/base/numbers'
import { useCatalogue } from '../../state/catalogue'
import type { ResultProps } from '../../state/contributions'
import { useDownloads } from '../../state/downloads'
import { DownloadMenu } from '../../ui/DownloadMenu'
import { Empty } from '../../ui/Empty'
import { PortReport } from './ReportResults'

/** An output of a kind without a view of its own: its report, or else the formats in which it can be downloaded. */
export function DownloadResults({ place, output, label, lead }: ResultProps) {
  const { words } = useCatalogue().kind(output.kind)
  const choices = useDownloads(output.kind, place)
  const downloads = <Empty title={`This is ${words} of ${bytes(output.bytes)}`}>{choices.length > 0 ? <DownloadMenu choices={choices} /> : 'It cannot be downloaded.'}</Empty>
  return <PortReport place={place} output={output} label={label} lead={lead} instead={downloads} />
}
