/** The icons that a module may declare by name, as `icon="arrow-merge"`; any other name is drawn as a box. One line for each new icon. */
import {
  IconArrowMerge, IconArrowsShuffle, IconArrowsSplit, IconArrowsSplit2, IconAxisX, IconBinary, IconBinaryTree, IconBinaryTree2, IconBox, IconBrandPython,
  IconChartHistogram, IconChartLine, IconColumnInsertRight, IconColumns3, IconDatabase, IconEraser, IconFilter, IconFilterStar, IconGridDots,
  IconListNumbers, IconReportAnalytics, IconRulerMeasure, IconScale, IconSchool, IconSql, IconSum, IconTablePlus, IconTag, IconTargetArrow, IconTransform,
  IconTrendingUp, IconWaveSine, type Icon,
} from '@tabler/icons-react'

const ICONS: Record<string, Icon> = {
  'arrow-merge': IconArrowMerge,
  'arrows-shuffle': IconArrowsShuffle,
  'arrows-split': IconArrowsSplit,
  'arrows-split-2': IconArrowsSplit2,
  'axis-x': IconAxisX,
  binary: IconBinary,
  'binary-tree': IconBinaryTree,
  'binary-tree-2': IconBinaryTree2,
  'brand-python': IconBrandPython,
  'chart-histogram': IconChartHistogram,
  'chart-line': IconChartLine,
  'column-insert-right': IconColumnInsertRight,
  'columns-3': IconColumns3,
  database: IconDatabase,
  eraser: IconEraser,
  filter: IconFilter,
  'filter-star': IconFilterStar,
  'grid-dots': IconGridDots,
  'list-numbers': IconListNumbers,
  'report-analytics': IconReportAnalytics,
  'ruler-measure': IconRulerMeasure,
  scale: IconScale,
  school: IconSchool,
  sql: IconSql,
  sum: IconSum,
  'table-plus': IconTablePlus,
  tag: IconTag,
  'target-arrow': IconTargetArrow,
  transform: IconTransform,
  'trending-up': IconTrendingUp,
  'wave-sine': IconWaveSine,
}

export const moduleIcon = (name: string | undefined): Icon => ICONS[name ?? ''] ?? IconBox
