/** The icons that a module may declare by name, as `icon="arrow-merge"`; any other name is drawn as a box. One line for each new icon. */
import {
  IconArrowMerge, IconArrowsSplit2, IconBinary, IconBinaryTree, IconBinaryTree2, IconBox, IconBrandPython, IconCalendarStats, IconChartHistogram, IconColumnInsertRight, IconColumns3, IconCopyPlus, IconDatabase, IconEraser,
  IconFilter, IconLetterCase, IconMathFunction, IconReportAnalytics, IconRulerMeasure, IconSchool, IconScissors, IconSql, IconStack2, IconSum, IconTablePlus, IconTag, IconTallymarks, IconTargetArrow, IconTransform, IconTrendingUp, IconWaveSawTool, IconWaveSine, type Icon,
} from '@tabler/icons-react'

const ICONS: Record<string, Icon> = {
  'arrow-merge': IconArrowMerge,
  'arrows-split-2': IconArrowsSplit2,
  binary: IconBinary,
  'binary-tree': IconBinaryTree,
  'binary-tree-2': IconBinaryTree2,
  'brand-python': IconBrandPython,
  'calendar-stats': IconCalendarStats,
  'chart-histogram': IconChartHistogram,
  'column-insert-right': IconColumnInsertRight,
  'columns-3': IconColumns3,
  'copy-plus': IconCopyPlus,
  database: IconDatabase,
  eraser: IconEraser,
  filter: IconFilter,
  'letter-case': IconLetterCase,
  'math-function': IconMathFunction,
  'report-analytics': IconReportAnalytics,
  'ruler-measure': IconRulerMeasure,
  school: IconSchool,
  scissors: IconScissors,
  sql: IconSql,
  'stack-2': IconStack2,
  sum: IconSum,
  'table-plus': IconTablePlus,
  tag: IconTag,
  tallymarks: IconTallymarks,
  'target-arrow': IconTargetArrow,
  transform: IconTransform,
  'trending-up': IconTrendingUp,
  'wave-saw-tool': IconWaveSawTool,
  'wave-sine': IconWaveSine,
}

export const moduleIcon = (name: string | undefined): Icon => ICONS[name ?? ''] ?? IconBox
