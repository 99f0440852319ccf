import { contributed, type ResultProps } from '../../state/contributions'
import { Empty } from '../../ui/Empty'
import { Deferred } from './Deferred'

/** One output, shown by its kind; a deferred one is materialized first. */
export function PortResults(props: ResultProps) {
  if (props.output.deferred) return <Deferred place={props.place}><Shown {...props} /></Deferred>
  return <Shown {...props} />
}

function Shown(props: ResultProps) {
  const View = contributed.results[props.output.kind]
  return View ? <View {...props} /> : <Empty title="This kind of result cannot be displayed" />
}
