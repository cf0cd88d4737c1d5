// What the claim page says.
import type { Language } from './state.ts'

const en = {
  title: 'Draw a claim', lead: 'Land as the grower shows it: tap its corners on the map, or walk round it with the phone. It is held against the registry, the leases, others’ claims and the imagery at once.',
  map: 'Map on which the claim is drawn. Corners can also be typed below.', unable: 'This browser cannot draw the map (WebGL is missing). Corners can be typed below.', noRun: 'No run of this county is published: there is nothing to check a claim against.',
  how: 'How', drawn: 'Tap corners', walked: 'Walk round', undo: 'Undo corner', close: 'Close outline', open: 'Open again', again: 'Start again',
  walk: 'Start walking', stop: 'Stop', bound: 'Leave out positions worse than', metres: 'm', accuracy: 'Accuracy now', kept: 'positions kept', leftOut: 'left out', noGPS: 'The phone gives no position', noGPSWhy: ['', 'it is not allowed; allow it in the browser’s settings', 'it is not known here', 'it takes too long'],
  area: 'Area', corners: 'corners', cornersTitle: 'Corners, as numbers', lon: 'Longitude', lat: 'Latitude', add: 'Add corner', remove: 'Remove corner', badCorner: 'Longitude −180 to 180, latitude −90 to 90, in degrees.',
  crs: 'They come from', crsOf: { 'EPSG:4326': 'GPS or this map (WGS 84)', 'EPSG:4490': 'a survey (CGCS2000)', 'GCJ-02': 'a Chinese map app (GCJ-02)' } as Record<string, string>, crsNote: 'Taps on this map are WGS 84: corners of a Chinese map app are typed.',
  grower: 'Grower', growerSearch: 'Exact name, ID number or phone', search: 'Search', nobody: 'Nobody is called exactly that.', chosen: 'Chosen', another: 'Another', crop: 'Crop', noCrop: 'none named',
  check: 'Check', keep: 'Keep this claim', keptAs: 'Kept as', checking: 'Checking …', need: 'Close the outline and choose the grower first.', changed: 'The outline has changed since: check again.',
  result: 'What is found', own: 'on land that he farms', others: 'on land that others farm', outside: 'outside, or farmed by nobody known', land: 'Land under it', parcel: 'Parcel', ofParcel: 'of the parcel', farmedBy: 'Farmed by',
  by: { claimant: 'him', other: 'another', nobody_known: 'nobody known' } as Record<string, string>, leasedUntil: 'leased until', leased: 'leased', seen: 'Seen', declared: 'Declared', basic: 'permanent basic farmland', bright: 'roofs or film', notSeen: 'not assessable', bare: 'no crop',
  uses: { '011': 'paddy', '012': 'irrigated', '013': 'dry' } as Record<string, string>, noLand: 'It lies on no registry parcel.', findings: 'Findings that the claim brings', none: 'None: the claim agrees with records and imagery.', standing: 'Findings he has without it', notes: 'Notes', mends: 'What mends it',
  preview: 'What the decision would be', previewNote: 'Decided from the newest run as if the claim had been among its records; nothing is granted by it.', notApplied: 'He is not on the roster: nothing is decided.', notYours: 'Your role does not see decisions.', earlier: 'Kept claims of this grower', refused: 'The claim cannot be taken', failed: 'That did not work', request: 'Request',
}
export type ClaimTexts = typeof en

const zh: ClaimTexts = {
  title: '圈地', lead: '由农户指认土地：在地图上点出各角，或持手机绕行一圈。系统即时与登记、流转、他人圈地和影像核对。',
  map: '圈地用地图。各角坐标也可在下方输入。', unable: '此浏览器无法绘制地图（缺少WebGL），可在下方输入坐标。', noRun: '该县尚无已发布的批次，无法核对圈地。',
  how: '方式', drawn: '点角', walked: '绕行', undo: '撤销一角', close: '闭合', open: '重新打开', again: '重新开始',
  walk: '开始绕行', stop: '停止', bound: '不采用误差超过', metres: '米', accuracy: '当前误差', kept: '个位置已采用', leftOut: '个未采用', noGPS: '手机未给出位置', noGPSWhy: ['', '未获许可，请在浏览器设置中允许', '此处无法定位', '定位超时'],
  area: '面积', corners: '个角', cornersTitle: '各角坐标', lon: '经度', lat: '纬度', add: '增加一角', remove: '删除该角', badCorner: '经度−180至180，纬度−90至90，单位为度。',
  crs: '坐标来源', crsOf: { 'EPSG:4326': 'GPS或本地图（WGS 84）', 'EPSG:4490': '测绘（CGCS2000）', 'GCJ-02': '国内地图应用（GCJ-02）' }, crsNote: '本地图为WGS 84，国内地图应用的坐标请输入。',
  grower: '农户', growerSearch: '完整姓名、证件号或电话', search: '查找', nobody: '没有完全符合的人。', chosen: '已选', another: '另选', crop: '作物', noCrop: '不指明',
  check: '核对', keep: '保存圈地', keptAs: '已保存，编号', checking: '核对中…', need: '请先闭合图形并选择农户。', changed: '图形已变，请重新核对。',
  result: '核对结果', own: '在其经营的土地上', others: '在他人经营的土地上', outside: '在登记之外或无人经营', land: '圈内土地', parcel: '地块', ofParcel: '占该地块', farmedBy: '经营人',
  by: { claimant: '本人', other: '他人', nobody_known: '未知' }, leasedUntil: '流转至', leased: '流转', seen: '影像所见', declared: '申报', basic: '永久基本农田', bright: '建筑或覆膜', notSeen: '无法判断', bare: '无作物',
  uses: { '011': '水田', '012': '水浇地', '013': '旱地' }, noLand: '不在任何登记地块上。', findings: '圈地带来的问题', none: '无：与记录和影像一致。', standing: '原有问题', notes: '说明', mends: '如何解决',
  preview: '预审结果', previewNote: '按最新批次、假定该圈地已在记录中作出，不构成授信。', notApplied: '该农户不在名单中，不作决定。', notYours: '您的岗位不查看授信决定。', earlier: '该农户已保存的圈地', refused: '圈地无法采用', failed: '未能完成', request: '请求号',
}

export const claimTexts = (language: Language): ClaimTexts => (language === 'zh' ? zh : en)

/** why says in Chinese what the service says in English of a claim that it refuses. */
export function whyRefused(detail: string, language: Language): string {
  if (language !== 'zh') return detail
  const known: [RegExp, string][] = [
    [/crosses|overlaps itself/, '图形自相交，请重新圈画。'], [/no area|empty/, '图形没有面积。'], [/does not come back/, '绕行轨迹未回到起点，请走完一圈。'], [/outside the county/, '不在本县土地范围内，坐标系可能有误。'],
    [/larger than any farm|at most .* mu|mu, at most/, '面积过大，请分块圈画。'], [/corners/, '角点过多，请简化图形。'], [/coordinate system|not on the earth/, '坐标系有误。'], [/parcels lie near/, '附近地块过多，请分块圈画。'],
  ]
  return known.find(([re]) => re.test(detail))?.[1] ?? detail
}
