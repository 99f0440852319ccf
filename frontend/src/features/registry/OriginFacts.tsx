import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { bytes } from '../../core/base/numbers'
import type { ModelVersion } from '../../core/data/models'
import { Timestamp } from '../../ui/Timestamp'
import classes from './registry.module.css'

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return <><dt>{name}</dt><dd>{children}</dd></>
}

const dataWords = ({ name, node, version, digest }: ModelVersion['origin']['datasets'][number]) => `${name ?? node}${version === null ? '' : ` version ${version}`} (${digest.slice(0, 12)})`

/** Where a version comes from, and what uses it. */
export function OriginFacts({ version }: { version: ModelVersion }) {
  const { origin, used_by: users } = version
  const libraries = Object.entries(origin.libraries)
  const parameters = Object.entries(origin.parameters)
  return (
    <dl className={classes.facts}>
      <Fact name="Model">{origin.model.name}{origin.model.label && `, predicts ${origin.model.label}`}, {bytes(version.bytes)}{version.by_code && `, ${origin.imported ? 'imported' : 'made by code of a person'}: it is loaded in isolation only, and endpoints serve it more slowly`}</Fact>
      {origin.imported && <Fact name="Imported from">{origin.imported} ({origin.imported_as}){origin.notes.map((note) => <div key={note}>{note}</div>)}</Fact>}
      {origin.run && <Fact name="Run"><Link href={`/runs/${origin.run}?node=${origin.node}`}>{origin.run.slice(0, 12)}</Link>{origin.run_at && <> <Timestamp at={origin.run_at} /></>}{origin.run_by && ` by ${origin.run_by}`}, output {origin.node}.{origin.port}</Fact>}
      {origin.pipeline && <Fact name="Pipeline">{origin.pipeline.id ? <Link href={`/pipelines/${origin.pipeline.id}`}>{origin.pipeline.name}</Link> : origin.pipeline.name} <span className={classes.small}>as it ran: {origin.pipeline.digest.slice(0, 12)}</span></Fact>}
      {origin.datasets.length > 0 && <Fact name="Data">{origin.datasets.map(dataWords).join(', ')}</Fact>}
      {parameters.length > 0 && <Fact name="Parameters">{parameters.map(([name, value]) => `${name} = ${JSON.stringify(value)}`).join(', ')}</Fact>}
      {origin.steps.length > 0 && <Fact name="Code">{origin.steps.map(({ module, code }) => `${module} (${code?.slice(0, 8) ?? 'not kept'})`).join(', ')}</Fact>}
      {libraries.length > 0 && <Fact name="Libraries">{libraries.map(([name, number]) => `${name} ${number}`).join(', ')}</Fact>}
      <Fact name="Content"><span className={classes.code}>{version.digest}</span></Fact>
      <Fact name="Served">{version.serving ? users.filter(({ serves }) => serves).map(({ name }) => name).join(', ') : 'nothing serves it now'}</Fact>
      <Fact name="Used by">
        {users.length === 0 ? 'no kept run of a pipeline' : users.map((user, at) => (
          <span key={`${user.kind} ${user.id}`}>{at > 0 && ', '}{user.kind === 'pipeline' ? <Link href={`/pipelines/${user.id}`}>{user.name}</Link> : user.name}</span>
        ))}
      </Fact>
    </dl>
  )
}
