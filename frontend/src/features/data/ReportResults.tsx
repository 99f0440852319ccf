import { Center, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { asApiError, downloadUrl, getReport } from '../../server/rest'
import type { ResultProps } from '../../state/contributions'
import { useDownloads } from '../../state/downloads'
import { DownloadMenu } from '../../ui/DownloadMenu'
import { Failure } from '../../ui/Failure'
import { ReportView } from '../../ui/report'
import { SettingsList } from '../../ui/SettingsList'
import classes from './results.module.css'

interface Props extends Pick<ResultProps, 'place' | 'output'> {
  /** Shown for an output without a report. */
  instead: ReactNode
}

/** The report of an output. */
export function PortReport({ place, output, instead }: Props) {
  const downloads = useDownloads(output.kind, place)
  const report = useQuery({ queryKey: ['report', place, output.digest], queryFn: () => getReport(place), staleTime: Infinity })
  if (report.error && asApiError(report.error).code === 'no_report') return instead
  if (report.error) return <div className={classes.padded}><Failure error={asApiError(report.error)} onRetry={() => void report.refetch()} /></div>
  if (!report.data) return <Center h="100%"><Loader size="sm" /></Center>
  return (
    <div className={classes.report}>
      <div className={classes.corner}><DownloadMenu choices={[...downloads, { title: 'Report (JSON)', url: downloadUrl(place, 'json') }]} /></div>
      <ReportView report={report.data} />
    </div>
  )
}

/** The report; an output without one, such as an untrained model, shows the settings of its node. */
export function ReportResults({ place, output, params }: ResultProps) {
  return <PortReport place={place} output={output} instead={<div className={classes.padded}><SettingsList params={params} /></div>} />
}
