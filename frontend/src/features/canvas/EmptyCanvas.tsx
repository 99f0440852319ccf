/** First steps on an empty canvas: three ways to get data, and the keys for everything else. */
import { FileButton } from '@mantine/core'
import { IconDatabase, IconTemplate, IconUpload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
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
import { Offers, Target, type Offer } from './EmptyTargets'

/** The first names of a list, and how many more there are. */
function some(names: string[], most = 3): string {
  const more = names.length - most
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ')
}

/** One's own datasets come before the samples. */
function Datasets() {
  const { data = [] } = useOfferedDatasets()
  const [samples, own] = [true, false].map((sample) => data.filter((dataset) => dataset.sample === sample))
  const offered = [...(own ?? []), ...(samples ?? [])]
  const yours = own?.length ? own : null
  const offers = offered.map((dataset): Offer => ({
    id: dataset.id, group: yours ? (dataset.sample ? 'Sample data' : 'Your data') : undefined, title: titleOf(dataset), words: `${counted(dataset.rows, 'row')}, ${counted(dataset.columns.length, 'column')}`,
    take: () => {
      const { canvas } = useView.getState()
      canvas?.focus(addNode('data.dataset', canvas.middle(), { params: { dataset: dataset.name }, title: titleOf(dataset) }))
    },
  }))
  return (
    <Offers Drawn={IconDatabase} picture={<PointsPicture />} title={yours ? 'Use your data' : 'Use sample data'} more={offered.length > 0 ? `${counted(offered.length, 'dataset')}${yours ? ', samples too' : ''}` : ''} offers={offers}>
      {some((yours ?? offered).map(titleOf)) || 'Example tables that come with Easel'}
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
        <Datasets />
        <Template />
      </div>
      <span className={classes.hint}>or press <Keys shortcut="a" /> to search modules · <Keys shortcut="mod+k" /> for every action</span>
    </div>
  )
}
