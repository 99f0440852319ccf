/** First steps on an empty canvas: three ways to get data, and the keys for everything else. */
import { FileButton, Menu } from '@mantine/core'
import { IconDatabase, IconTemplate, IconUpload, type Icon } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ComponentPropsWithRef, ReactNode } from 'react'
import { counted } from '../../core/base/numbers'
import { ACCEPTED_ENDINGS, titleOf } from '../../core/data/datasets'
import { useOfferedDatasets } from '../../state/datasets'
import { useDocument } from '../../state/document'
import { addNode, pasteText } from '../../state/edit'
import { samplesQuery } from '../../state/pipelines'
import { useView } from '../../state/view'
import { Keys } from '../../ui/Keys'
import classes from './EmptyCanvas.module.css'
import { FilePicture, PipelinePicture, PointsPicture } from './EmptyPictures'

interface TargetProps extends ComponentPropsWithRef<'button'> {
  Drawn: Icon
  picture: ReactNode
  title: string
  /** How many there are to choose from, or what else one can do. */
  more: string
  'data-first'?: true
  children: ReactNode
}

function Target({ Drawn, picture, title, more, children, ...rest }: TargetProps) {
  return (
    <button type="button" {...rest} className={classes.target}>
      <span className={classes.picture}>{picture}</span>
      <span className={classes.name}><Drawn size={18} stroke={1.6} aria-hidden />{title}</span>
      <span className={classes.does}>{children}</span>
      <span className={classes.more}>{more}</span>
    </button>
  )
}

interface Offer {
  id: string
  title: string
  words: string
  take(): void
}

function Offers({ offers, ...target }: TargetProps & { offers: Offer[] }) {
  return (
    <Menu position="bottom" width={288} returnFocus>
      <Menu.Target><Target {...target} /></Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
        {offers.map(({ id, title, words, take }) => <Menu.Item key={id} fz={13} onClick={take}>{title}<br /><small>{words}</small></Menu.Item>)}
        {offers.length === 0 && <Menu.Label>Loading</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  )
}

/** The first names of a list, and how many more there are. */
function some(names: string[], most = 3): string {
  const more = names.length - most
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ')
}

function SampleData() {
  const { data = [] } = useOfferedDatasets()
  const samples = data.filter(({ sample }) => sample)
  const offers = samples.map((dataset): Offer => ({
    id: dataset.id, title: titleOf(dataset), words: `${counted(dataset.rows, 'row')}, ${counted(dataset.columns.length, 'column')}`,
    take: () => {
      const { canvas } = useView.getState()
      canvas?.focus(addNode('data.dataset', canvas.middle(), { params: { dataset: dataset.name }, title: titleOf(dataset) }))
    },
  }))
  return (
    <Offers Drawn={IconDatabase} picture={<PointsPicture />} title="Use sample data" more={samples.length > 0 ? counted(samples.length, 'dataset') : ''} offers={offers}>
      {some(samples.map(titleOf)) || 'Example tables that come with Easel'}
    </Offers>
  )
}

function Template() {
  const { data = [] } = useQuery(samplesQuery)
  const offers = data.map((sample): Offer => ({
    id: sample.slug, title: sample.title, words: sample.summary,
    take: () => {
      const { canvas } = useView.getState()
      if (pasteText(JSON.stringify(sample.graph), [0, 0])) requestAnimationFrame(() => canvas?.fit())
      canvas?.focus()
    },
  }))
  return (
    <Offers Drawn={IconTemplate} picture={<PipelinePicture />} title="Start from a template" more={data.length > 0 ? counted(data.length, 'template') : ''} offers={offers}>
      A whole pipeline with its data, ready to run
    </Offers>
  )
}

export function EmptyCanvas({ onFiles }: { onFiles(files: readonly File[]): void }) {
  const empty = useDocument((state) => state.loaded && Object.keys(state.nodes).length === 0)
  const readOnly = useDocument((state) => state.readOnly)
  if (!empty) return null
  if (readOnly) return <div className={classes.empty}><strong>This pipeline is empty</strong></div>
  return (
    <div className={classes.empty}>
      <strong>Start with some data</strong>
      <span>Drop a file anywhere, paste rows, or select an option. You can change everything later.</span>
      <div className={classes.targets} role="group" aria-label="Start">
        <FileButton multiple accept={ACCEPTED_ENDINGS.join(',')} onChange={onFiles}>
          {(props) => <Target {...props} data-first Drawn={IconUpload} picture={<FilePicture />} title="Upload a file" more="Drop it here, or browse">CSV, Parquet, Excel, JSON lines, or an archive</Target>}
        </FileButton>
        <SampleData />
        <Template />
      </div>
      <span className={classes.hint}>or press <Keys shortcut="a" /> to search modules · <Keys shortcut="mod+k" /> for every action</span>
    </div>
  )
}
