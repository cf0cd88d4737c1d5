// What the imports page says.
import type { paths } from './contract.gen.ts'
import type { Language } from './state.ts'

export type Feed = paths['/v1/imports']['post']['parameters']['query']['feed']

/** feedNames are all feeds, in the order in which they should come. */
export const feedNames: Record<Feed, [en: string, zh: string]> = {
  issuers: ['Issuers (villages)', '发包方'], contractors: ['Contractors', '承包方'], members: ['Household members', '家庭成员'], contracts: ['Land contracts', '承包合同'], certificates: ['Certificates of the right to land', '经营权证'],
  transfers: ['Land transfers (leases)', '流转合同'], roster: ['Roster of applicants', '名单'], declarations: ['Planting declarations', '种植申报'], policies: ['Insurance policies', '保单'], subsidies: ['Subsidy applications', '补贴申报'], debts: ['Debts', '负债'],
  costs: ['Cost surveys', '成本调查'], statistics: ['Yield statistics', '产量统计'], prices: ['Prices', '价格'], disasters: ['Notices of disasters', '灾情通报'], machinery: ['Machinery', '农机'], purchases: ['Purchases by buyers', '收购记录'],
  meters: ['Water and power meters', '水电表'], lists: ['Yes/no lists (court, tax …)', '名单查询（失信、欠税等）'], claims: ['Land drawn or walked', '圈地'],
}

const en = {
  title: 'Imports', lead: 'A file of the county’s records is checked row by row: good rows come into the county’s store, bad ones are listed with what to do. The next run sees them. The same file again changes nothing.',
  feed: 'What the file holds', received: 'Received on (rows without a day of their own)', crs: 'Coordinate system, where claims state none', drop: 'Drop a file here, or choose one', types: 'CSV, XLSX, GeoJSON or GPX, up to 256 MB', chosen: 'Chosen', run: 'Import', needFile: 'Choose a file first.',
  sending: 'Sending', looking: 'Looking at its rows …', stop: 'Stop', stopped: 'Stopped: nothing was changed unless the import is in the list below.', refused: 'The file cannot be read', failed: 'That did not work', request: 'Request', unreachable: 'The service cannot be reached.',
  report: 'Import', rows: 'Rows', loaded: 'Good', rejected: 'Rejected', added: 'Added to the store', newer: 'of these new states', unchanged: 'There already', coverage: 'Coverage', growers: 'growers', parcels: 'parcels', ofRoster: 'of the roster', freshness: 'Freshness', newest: 'newest row received', days: 'days ago', unknown: 'not known',
  missing: 'Rows without a value', absent: 'Columns that are not there', complete: 'All rows have all values.', ignored: 'columns are no heading of the feed and were left out', notes: 'Notes', file: 'File', format: 'Format', by: 'Imported by',
  keptClaims: 'Claims drawn here', keptClaimsNote: 'Land drawn or walked in this service is no record yet. Download the claims and bring the file in above as claims: the next run then knows them.', keptClaimsGet: 'Download the claims (CSV)', rejects: 'Rejected rows', noRejects: 'No row was rejected.', row: 'Row', column: 'Column', value: 'Value', reason: 'What is wrong', advice: 'What to do', whole: 'the whole row', masked: 'Personal values are not shown.', more: 'More rows', download: 'Download all (CSV)', elsewhere: 'The rejected rows do not lie where this service can read them.',
  former: 'Files brought in', none: 'Nothing has been imported by the service yet.', when: 'When', who: 'Who', older: 'Older ones', readOnly: 'County clerks import; your role reads what came in.',
}
export type ImportTexts = typeof en

const zh: ImportTexts = {
  title: '导入', lead: '逐行检查县里的记录文件：合格的行进入县记录库，不合格的列出原因与处理办法。下一批次即可使用。同一文件重复导入不会改变任何内容。',
  feed: '文件内容', received: '接收日期（用于没有日期的行）', crs: '圈地未注明时的坐标系', drop: '将文件拖到此处，或选择文件', types: 'CSV、XLSX、GeoJSON或GPX，不超过256 MB', chosen: '已选', run: '导入', needFile: '请先选择文件。',
  sending: '上传中', looking: '正在逐行检查…', stop: '停止', stopped: '已停止：除非下方列表中已有该次导入，否则未作任何更改。', refused: '文件无法读取', failed: '未能完成', request: '请求号', unreachable: '无法连接服务。',
  report: '导入', rows: '行数', loaded: '合格', rejected: '拒收', added: '新增', newer: '其中为更新', unchanged: '库中已有', coverage: '覆盖', growers: '个农户', parcels: '个地块', ofRoster: '占名单', freshness: '时效', newest: '最新一行接收于', days: '天前', unknown: '未知',
  missing: '缺值的行', absent: '没有的列', complete: '各行均无缺值。', ignored: '列不是该类文件的表头，未采用', notes: '说明', file: '文件', format: '格式', by: '导入人',
  keptClaims: '本服务圈画的地块', keptClaimsNote: '在本服务中圈画或绕行的土地尚不是记录。请下载后在上方按“圈地”导入，下一次运行即可采用。', keptClaimsGet: '下载圈地（CSV）', rejects: '拒收的行', noRejects: '没有拒收的行。', row: '行', column: '列', value: '值', reason: '问题', advice: '处理办法', whole: '整行', masked: '个人信息不显示。', more: '更多', download: '下载全部（CSV）', elsewhere: '拒收的行不在本服务可读取的位置。',
  former: '已导入的文件', none: '尚未通过本服务导入文件。', when: '时间', who: '导入人', older: '更早的', readOnly: '由县级经办导入；您的岗位可查看结果。',
}

export const importTexts = (language: Language): ImportTexts => (language === 'zh' ? zh : en)
