import { Center, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { asApiError, getReport, type TablePlace } from '../../server/rest'
import { DownloadMenu } from '../../ui/DownloadMenu'
import { Failure } from '../../ui/Failure'
import { ReportView } from '../../ui/report'
import { SettingsList } from '../../ui/SettingsList'
import classes from './results.module.css'

interface Props {
  place: TablePlace
  digest: string
  /** The settings of the node, shown for outputs without a report of their own, such as an untrained model. */
  params: Record<string, unknown>
  downloads: { title: string; url: string }[]
}

export function PortReport({ place, digest, params, downloads }: Props) {
  const report = useQuery({ queryKey: ['report', place, digest], queryFn: () => getReport(place), staleTime: Infinity })
  if (report.error && asApiError(report.error).code === 'no_report') {
    return <div className={classes.padded}><SettingsList params={params} /></div>
  }
  if (report.error) return <div className={classes.padded}><Failure error={asApiError(report.error)} onRetry={() => void report.refetch()} /></div>
  if (!report.data) return <Center h="100%"><Loader size="sm" /></Center>
  return (
    <div className={classes.report}>
      <div className={classes.corner}><DownloadMenu choices={downloads} /></div>
      <ReportView report={report.data} />
    </div>
  )
}
