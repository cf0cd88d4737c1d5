// What pictures of scenes, and what stands around a plot, say in both languages.

export const en = {
  imagery: 'Imagery', noImagery: 'none', noDays: 'No scenes are known of this run.', day: 'Day', clear: 'of the land seen clear', compare: 'Compare two days', after: 'After', before: 'Before',
  fill: 'Land’s colours', masked: 'masked: cloud, shadow, snow', unreachable: 'The scenes of that day cannot be read by the service.',
  divider: 'Divider between the two days', close: 'Hide', values: 'colours', unit: 'unit', from: 'from',
  layers: {
    truecolor: 'True colour', falsecolor: 'False colour: vegetation red', ndvi: 'NDVI: greenness', lai: 'LAI: leaf area', ndmi: 'NDMI: water in leaves', ndwi: 'NDWI: open water', bsi: 'BSI: bare soil', scl: 'Scene classification',
  } as Record<string, string>,
  classes: {
    1: 'saturated or defective', 2: 'dark area', 3: 'cloud shadow', 4: 'vegetation', 5: 'not vegetated', 6: 'water', 7: 'unclassified', 8: 'cloud, medium probability', 9: 'cloud, high probability', 10: 'thin cirrus', 11: 'snow or ice',
  } as Record<string, string>,
  settings: 'Days and legend', look: 'Look at the imagery of', clearDates: 'Clear dates', srcLAI: 'The highest LAI of the curve (series.parquet); networks: ', srcSeen: 'Seen clear in ten-day steps with a scene of: ', srcRaise: 'Found by sizing the limit again with this one thing changed (raises in the trace).', srcSchedule: 'The limit drawn in full on the as-of day, at the yearly rate, by the product of the credit policy: ', lookStep: 'Look at the day seen in these ten days', pixels: 'The pixels:', model: 'Model card',
  around: 'Neighbours', noNeighbours: 'No other plot lies within 30 m.', thisPlot: 'this plot', medianOf: 'median of neighbours with the same crop', noSame: 'No neighbour has the same crop.', againstMedian: 'against the median',
  plot: 'Plot', area: 'Area', crop: 'Crop', grade: 'Grade', yieldP50: 'Yield P50, kg/mu', srcAround: 'Plots within 30 m; crop, grade and yield of the cycle that the as-of day falls in, else of the latest assessable one (cycles.parquet).',
  past: 'The same land earlier', noPast: 'Nothing earlier is known of this land.', season: 'Season', sameLand: 'Same land', decision: 'Decision', asOf: 'as of', told: 'told by the county', nothing: 'no crop seen',
  srcPast: 'Earlier published runs, by parcel, or by overlap where parcels were numbered anew; decisions only on the same grower. “Told by the county”: seasons in the run’s history folders (past.parquet).', openRun: 'Open that run',
  witnesses: 'What each witness says', areas: 'Areas, mu', contract: 'Contract', leased: 'Lease', surveyed: 'Survey', claimed: 'Claim', polygon: 'Outline', seen: 'Seen', counts: 'Counts', allLand: 'all his land', countedBy: 'smallest by',
  srcAreas: 'areas.parquet. Contract and lease: documents in force; survey: the registry’s measured area; claim: declared, else drawn; outline: the registry’s polygon on the ellipsoid; seen: pixels wholly inside that show growth, and those with the rim; counts: per parcel the smallest of the witnesses that the credit policy names.',
  agree: 'Who agrees with whom', agreesWith: 'agrees', differsFrom: 'differs', says: 'says', subject: 'Subject', subjects: { crop: 'crop', area: 'area' } as Record<string, string>,
  kinds: { self: 'grower', government: 'government', partner: 'partners', satellite: 'satellite' } as Record<string, string>,
  by: { contract: 'contract', transfer: 'lease', surveyed: 'survey', claimed: 'claim', seen: 'outline' } as Record<string, string>,
  srcAgree: 'agreement.parquet: grower = declarations and drawn land; government = contracts, survey, subsidies; partners = insurance; satellite = imagery. Crops agree where one is of the other’s; areas within the credit policy’s contract_area_percent.',
  noWitness: 'Nothing is known of what witnesses say: the run is of an earlier version.', alone: 'Fewer than two kinds of witnesses speak of this plot.',
  tenure: 'Who farms the land when', parcel: 'Parcel', days: 'Days', by_: 'By', chain: 'Records', nobody: 'nobody known', other: 'another grower', him: 'the grower', leasedShort: 'lease', srcTenure: 'tenure.parquet: contracts and transfers known on the as-of day, joined day by day.',
  person: 'Who the grower is', name: 'Name', number: 'ID number', phone: 'Phone', show: 'Show whole', purpose: 'For what? (kept with your name)', shownUntil: 'shown until', hide: 'Hide', noPerson: 'Nobody is known under this code.', denied: 'Your role does not meet growers.', purposeHint: 'at least four characters',
  print: 'Print the decision',
}

export type SightTexts = typeof en

export const zh: SightTexts = {
  imagery: '影像', noImagery: '无', noDays: '该批次没有影像记录。', day: '日期', clear: '的土地晴空可见', compare: '两期对比', after: '后', before: '前',
  fill: '地块颜色', masked: '已遮罩：云、阴影、雪', unreachable: '服务无法读取该日影像。',
  divider: '两期之间的分隔线', close: '隐藏', values: '颜色', unit: '单位', from: '来自',
  layers: { truecolor: '真彩色', falsecolor: '假彩色（植被红）', ndvi: 'NDVI 绿度', lai: 'LAI 叶面积指数', ndmi: 'NDMI 叶片水分', ndwi: 'NDWI 水体', bsi: 'BSI 裸土', scl: '场景分类' },
  classes: { 1: '饱和或坏点', 2: '暗区', 3: '云影', 4: '植被', 5: '非植被', 6: '水体', 7: '未分类', 8: '云（中概率）', 9: '云（高概率）', 10: '薄卷云', 11: '雪或冰' },
  settings: '日期与图例', look: '查看影像', clearDates: '晴空日期数', srcLAI: '曲线中的最高 LAI（series.parquet）；网络：', srcSeen: '晴空可见的十天步长，影像日期：', srcRaise: '仅改变这一项后重新测算额度所得（决策记录中的 raises）。', srcSchedule: '额度于决策日全额支用，按年利率与授信政策产品计算：', lookStep: '查看这十天内的影像', pixels: '像元：', model: '模型卡',
  around: '相邻田块', noNeighbours: '30 米内没有其他田块。', thisPlot: '本田块', medianOf: '同作物相邻田块中位数', noSame: '没有同作物的相邻田块。', againstMedian: '相对中位数',
  plot: '田块', area: '面积', crop: '作物', grade: '等级', yieldP50: '产量 P50，千克/亩', srcAround: '30 米以内的田块；作物、等级和产量取决策日所在周期，否则取最近可评估周期（cycles.parquet）。',
  past: '同一土地的过往', noPast: '没有这块地的过往记录。', season: '种植季', sameLand: '重合', decision: '授信决定', asOf: '截至', told: '县里提供', nothing: '未见作物',
  srcPast: '此前发布的批次，按地块编码；编码变更处按图形重叠。授信决定仅限同一经营者。“县里提供”：批次历史文件夹中的种植季（past.parquet）。', openRun: '打开该批次',
  witnesses: '各方怎么说', areas: '面积（亩）', contract: '合同', leased: '流转', surveyed: '实测', claimed: '申报', polygon: '图形', seen: '影像可见', counts: '计入', allLand: '其全部土地', countedBy: '最小者',
  srcAreas: 'areas.parquet。合同与流转：有效文件；实测：确权实测面积；申报：申报面积，否则为勾绘；图形：确权图形的椭球面积；影像可见：完全在内且有长势的像元，至含边缘像元；计入：逐地块取授信政策所列各方的最小值。',
  agree: '谁与谁一致', agreesWith: '一致', differsFrom: '不一致', says: '说', subject: '事项', subjects: { crop: '作物', area: '面积' },
  kinds: { self: '申请人', government: '政府', partner: '合作机构', satellite: '卫星' },
  by: { contract: '合同', transfer: '流转合同', surveyed: '实测', claimed: '申报', seen: '图形' },
  srcAgree: 'agreement.parquet：申请人＝申报与勾绘；政府＝合同、实测、补贴；合作机构＝保险；卫星＝影像。作物一方包含另一方即一致；面积在授信政策 contract_area_percent 之内即一致。',
  noWitness: '该批次为旧版本，没有各方说法。', alone: '说到本田块的来源不足两类。',
  tenure: '土地由谁经营', parcel: '地块', days: '日期', by_: '经营者', chain: '依据', nobody: '无人知晓', other: '其他经营者', him: '该经营者', leasedShort: '流转', srcTenure: 'tenure.parquet：决策日已知的合同与流转，逐日衔接。',
  person: '经营者身份', name: '姓名', number: '证件号', phone: '电话', show: '显示全部', purpose: '用途（与您的姓名一同留存）', shownUntil: '显示至', hide: '隐藏', noPerson: '此编码没有对应的人。', denied: '您的角色不接触经营者身份。', purposeHint: '至少四个字',
  print: '打印授信决定',
}

export const sightTexts = (language: 'en' | 'zh'): SightTexts => (language === 'zh' ? zh : en)
