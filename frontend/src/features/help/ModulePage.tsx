/** The help page of a module: what it does and when, its ports, settings and errors, and an example that opens as a pipeline. */
import { Button } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useQuery, type QueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Link } from 'wouter'
import { missingExtra, missingExtraWords } from '../../core/catalogue/catalogue'
import { mayEdit, type Workspace } from '../../core/team/people'
import { ApiError, createPipeline, type ModuleHelp } from '../../server/rest'
import { loadCatalogue, useCatalogue } from '../../state/catalogue'
import { helpQuery } from '../../state/help'
import { useOpening } from '../../state/opening'
import { Box } from '../../ui/Box'
import { NotFound } from '../../ui/NotFound'
import { Page } from '../../ui/Page'
import { InlineProse, Prose } from '../../ui/Prose'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Tile } from '../../ui/Tile'
import { Errors } from './Errors'
import { Example } from './Example'
import classes from './help.module.css'
import { Ports } from './Ports'
import { Settings } from './Settings'

export const prefetch = (client: QueryClient, id: string) => client.prefetchQuery(helpQuery(id))

function Facts({ help: { module } }: { help: ModuleHelp }) {
  const shelf = useCatalogue().shelves.find(({ id }) => id === module.shelf)
  return (
    <>
      <Link href="/modules">Modules</Link>
      {shelf && <span>{shelf.title}</span>}
      <code>{module.id}</code>
    </>
  )
}

function About({ help: { module, when, text, sources, file } }: { help: ModuleHelp }) {
  const extra = missingExtra(module)
  return (
    <Box>
      <div className={classes.about}>
        {extra && <p className={classes.missing} role="note">{missingExtraWords(extra)} Install it with <code>{extra.command}</code>.</p>}
        <p className={classes.summary}>{module.summary}</p>
        {when && <><h2>When to use</h2><Prose text={when} /></>}
        {text.length > 0 && <><h2>How it works</h2><Prose text={text.join('\n\n')} /></>}
        {module.aliases.length > 0 && <><h2>Also known as</h2><p>{module.aliases.join(', ')}</p></>}
        <h2>Source</h2>
        {sources.map((source) => <p key={source}><InlineProse text={source} /></p>)}
        <p>Code: <code>{file}</code></p>
      </div>
    </Box>
  )
}

function Help({ help, workspace }: { help: ModuleHelp; workspace: Workspace }) {
  const { module } = help
  const hue = useCatalogue().hue(module.shelf)
  const opening = useOpening(() => createPipeline({ graph: help.example, workspace: workspace.id }))
  const open = help.example !== null && mayEdit(workspace) && !missingExtra(module)
    ? <Button leftSection={<IconPlayerPlay size={16} stroke={1.6} aria-hidden />} loading={opening.isPending} onClick={() => opening.mutate(undefined)}>Open example</Button>
    : null
  return (
    <Page title={<span className={classes.title}><Tile icon={module.icon} hue={hue} size={36} />{module.title}</span>} facts={<Facts help={help} />} actions={open}>
      <div className={classes.parts}>
        <About help={help} />
        <Ports inputs={module.inputs} outputs={module.outputs} />
        <Settings module={module} />
        <Example graph={help.example} without={help.no_example} module={module.id} />
        <Errors errors={help.errors} />
      </div>
    </Page>
  )
}

export default function ModulePage({ id, workspace }: { id: string; workspace: Workspace }) {
  const query = useQuery(helpQuery(id))
  useEffect(() => void loadCatalogue(), [])
  if (query.error instanceof ApiError && query.error.status === 404) return <NotFound what="Module"><Link href="/modules">All modules</Link></NotFound>
  return <QueryBoundary query={query}>{(help) => <Help help={help} workspace={workspace} />}</QueryBoundary>
}
