/** First steps on an empty canvas: three ways to get data, and the key for everything else. */
import { FileButton, Menu } from '@mantine/core'
import { IconFileUpload, IconTable, IconTemplate, type Icon } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ComponentPropsWithRef, ReactNode } from 'react'
import { ACCEPTED_ENDINGS, titleOf } from '../../core/data/datasets'
import { counted } from '../../core/base/numbers'
import { useOfferedDatasets } from '../../state/datasets'
import { useDocument } from '../../state/document'
import { addNode, pasteText } from '../../state/edit'
import { samplesQuery } from '../../state/pipelines'
import { useView } from '../../state/view'
import { Keys } from '../../ui/Keys'
import classes from './Canvas.module.css'

interface TargetProps extends ComponentPropsWithRef<'button'> {
  Drawn: Icon
  title: string
  'data-first'?: true
  children: ReactNode
}

function Target({ Drawn, title, children, ...rest }: TargetProps) {
  return <button type="button" {...rest} className={classes.target}><Drawn size={26} stroke={1.5} aria-hidden /><b>{title}</b><span>{children}</span></button>
}

interface Offer {
  id: string
  title: string
  words: string
  take(): void
}

function Offers({ offers, ...target }: TargetProps & { offers: Offer[] }) {
  return (
    <Menu position="bottom" width={300} returnFocus>
      <Menu.Target><Target {...target} /></Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
        {offers.map(({ id, title, words, take }) => <Menu.Item key={id} fz={13} onClick={take}>{title}<br /><small>{words}</small></Menu.Item>)}
        {offers.length === 0 && <Menu.Label>Loading</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  )
}

function SampleData() {
  const { data = [] } = useOfferedDatasets()
  const offers = data.filter(({ sample }) => sample).map((dataset): Offer => ({
    id: dataset.id, title: titleOf(dataset), words: `${counted(dataset.rows, 'row')}, ${counted(dataset.columns.length, 'column')}`,
    take: () => {
      const { canvas } = useView.getState()
      canvas?.focus(addNode('data.dataset', canvas.middle(), { params: { dataset: dataset.name }, title: titleOf(dataset) }))
    },
  }))
  return <Offers Drawn={IconTable} title="Sample data" offers={offers}>Start from a sample table</Offers>
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
  return <Offers Drawn={IconTemplate} title="Template" offers={offers}>Start from a ready-to-run pipeline</Offers>
}

export function EmptyCanvas({ onFiles }: { onFiles(files: readonly File[]): void }) {
  const empty = useDocument((state) => state.loaded && Object.keys(state.nodes).length === 0)
  const readOnly = useDocument((state) => state.readOnly)
  if (!empty) return null
  if (readOnly) return <div className={classes.empty}><strong>This pipeline is empty</strong></div>
  return (
    <div className={classes.empty}>
      <strong>Add data to start</strong>
      <div className={classes.targets} role="group" aria-label="Start">
        <FileButton multiple accept={ACCEPTED_ENDINGS.join(',')} onChange={onFiles}>
          {(props) => <Target {...props} data-first Drawn={IconFileUpload} title="Upload">CSV, Parquet or Excel. You can also drop a file here, or paste rows.</Target>}
        </FileButton>
        <SampleData />
        <Template />
      </div>
      <span>Press <Keys shortcut="a" /> or double-click the canvas to add any module.</span>
    </div>
  )
}
