import { Center, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, type ReactNode } from 'react'
import { asApiError, downloadUrl, getReport } from '../../server/rest'
import { useCatalogue } from '../../state/catalogue'
import type { ResultProps } from '../../state/contributions'
import { useDownloads } from '../../state/downloads'
import { DownloadMenu } from '../../ui/DownloadMenu'
import { Failure } from '../../ui/Failure'
import { LineageLink } from '../../ui/LineageLink'
import { SettingsList } from '../../ui/SettingsList'
import { OpenAsPipeline } from './OpenAsPipeline'
import { RegisterModel } from './RegisterModel'
import { SaveResult } from './SaveResult'
import classes from './results.module.css'

/** Loads with the first report. */
const ReportView = lazy(async () => ({ default: (await import('../../ui/report')).ReportView }))
const waiting = <Center h="100%"><Loader size="sm" /></Center>

interface Props extends Pick<ResultProps, 'place' | 'output' | 'label' | 'lead'> {
  /** Shown for an output without a report. */
  instead: ReactNode
}

/** The report of an output. A value that other pipelines can load has a button that saves it. */
export function PortReport({ place, output, label, lead, instead }: Props) {
  const { savable, registrable } = useCatalogue().kind(output.kind)
  const downloads = useDownloads(output.kind, place)
  const report = useQuery({ queryKey: ['report', place, output.digest], queryFn: () => getReport(place), staleTime: Infinity })
  const none = report.error !== null && asApiError(report.error).code === 'no_report'
  const choices = report.data ? [...downloads, { title: 'Report (JSON)', url: downloadUrl(place, 'json') }] : []
  const buttons = <>{report.data?.metrics.some(({ pipeline }) => pipeline) && <OpenAsPipeline place={place} />}{registrable && <RegisterModel place={place} label={label} />}{savable && <SaveResult place={place} label={label} />}<LineageLink of={`run:${place.run}/${place.node}.${place.port}`} />{choices.length > 0 && <DownloadMenu compact choices={choices} />}</>
  const bar = lead !== null || (none && savable)
  return (
    <div className={classes.result}>
      {bar && <div className={classes.bar}>{lead}<span className={classes.space} />{buttons}</div>}
      <div className={classes.content}>
        {none ? instead
          : report.error ? <div className={classes.padded}><Failure error={asApiError(report.error)} onRetry={() => void report.refetch()} /></div>
            : report.data ? <Suspense fallback={waiting}><ReportView report={report.data} title={label} actions={!bar && buttons} /></Suspense> : waiting}
      </div>
    </div>
  )
}

/** The report; an output without one, such as an untrained model, shows the settings of its node. */
export function ReportResults({ place, output, params, label, lead }: ResultProps) {
  return <PortReport place={place} output={output} label={label} lead={lead} instead={<div className={classes.padded}><SettingsList params={params} /></div>} />
}
