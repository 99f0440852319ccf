import { Center, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { asApiError, downloadUrl, getReport } from '../../server/rest'
import type { ResultProps } from '../../state/contributions'
import { DownloadMenu } from '../../ui/DownloadMenu'
import { Failure } from '../../ui/Failure'
import { ReportView } from '../../ui/report'
import { SettingsList } from '../../ui/SettingsList'
import classes from './results.module.css'

interface Props extends Pick<ResultProps, 'place' | 'output' | 'params'> {
  downloads?: { title: string; url: string }[]
}

/** The report of an output; an output without one, such as an untrained model, shows the settings of its node. */
function PortReport({ place, output, params, downloads = [] }: Props) {
  const report = useQuery({ queryKey: ['report', place, output.digest], queryFn: () => getReport(place), staleTime: Infinity })
  if (report.error && asApiError(report.error).code === 'no_report') {
    return <div className={classes.padded}><SettingsList params={params} /></div>
  }
  if (report.error) return <div className={classes.padded}><Failure error={asApiError(report.error)} onRetry={() => void report.refetch()} /></div>
  if (!report.data) return <Center h="100%"><Loader size="sm" /></Center>
  return (
    <div className={classes.report}>
      <div className={classes.corner}><DownloadMenu choices={[...downloads, { title: 'Report (JSON)', url: downloadUrl(place, 'json') }]} /></div>
      <ReportView report={report.data} />
    </div>
  )
}

export const ReportResults = (props: ResultProps) => <PortReport {...props} />

export const ModelResults = (props: ResultProps) => <PortReport {...props} downloads={[{ title: 'Model (skops)', url: downloadUrl(props.place, 'skops') }]} />
