import { contributed, type ResultProps } from '../../state/contributions'
import { Deferred } from './Deferred'
import { DownloadResults } from './DownloadResults'

/** One output, shown by its kind; a deferred one is materialized first. */
export function PortResults(props: ResultProps) {
  const View = contributed.results[props.output.kind] ?? DownloadResults
  return props.output.deferred ? <Deferred place={props.place}><View {...props} /></Deferred> : <View {...props} />
}
