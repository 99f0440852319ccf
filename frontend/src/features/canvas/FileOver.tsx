/** While a file is held over the canvas: where its card will be. Browsers tell its name only when it is dropped. */
import { IconDatabase, IconUpload } from '@tabler/icons-react'
import { counted } from '../../core/base/numbers'
import classes from './Canvas.module.css'

export function FileOver({ files }: { files: number }) {
  return (
    <div className={classes.drop}>
      <p className={classes.dropWords}>
        <IconUpload size={20} stroke={1.6} aria-hidden />
        <strong>{files === 1 ? 'Drop to add the file' : `Drop to add ${counted(files, 'file')}`}</strong>
        <span>CSV, Parquet, Excel, JSON lines, or an archive</span>
      </p>
      <span className={classes.fileCard} aria-hidden><IconDatabase size={18} stroke={1.6} />Dataset</span>
    </div>
  )
}
