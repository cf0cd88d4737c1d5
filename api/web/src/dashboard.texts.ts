// What the dashboard says.
const en = {
  titleOf: (county: string) => `County dashboard: ${county}`, of: (season: string, day: string) => `Season ${season}, as of ${day}.`,
  note: (n: number) => `Every number rests on ${n} growers or more. What rests on fewer is left out, and a second part of the same sum with it.`,
  parcels: 'Parcels', area: 'Area', farming: 'Growers who farm', judged: 'Judged', admitted: 'Admitted', drawn: 'Drawn', firstTime: 'First loan', limit: 'Limits of those admitted', ofJudged: 'of those judged', few: 'too few to tell',
  growers: 'Growers', growersChart: 'From the land to the loan', crops: 'Crops', crop: 'Crop', plots: 'Plots', areaMu: 'Area, mu', yieldMu: 'Yield, kg/mu', yieldKg: 'Total, kg', ripe: 'Maturity', harvest: 'Harvest (half by)', done: 'Harvested, mu',
  none: 'no assessable crop', rest: 'others, too few to tell', grades: 'Growth grades', gradeNote: 'Area by growth grade, in mu; grades compare plots of one crop within the county.', ungraded: 'not graded',
  outcomes: 'Decisions', outcome: 'Outcome', reasons: 'Reasons', reason: 'Reason', findings: 'Findings of the cross-checks', finding: 'Finding', count: 'Findings',
  portfolio: 'Portfolio today', portfolioNone: 'Limits rest on too few growers yet, or your role does not see them.', limits: 'Limits', limitSum: 'Sum of limits', outstanding: 'Principal outstanding', interest: 'Interest to today', interestPaid: 'Interest paid', drawnSum: 'Drawn in all', repaid: 'Principal repaid', overdue: 'Overdue', money: 'Limits and what is drawn', growersDrawn: 'Growers who have drawn', growersOverdue: 'Growers behind',
  places: 'Towns and villages', place: 'Place', level: 'Level', town: 'town', village: 'village', largest: 'Largest crop', placesNone: 'No town or village has enough growers to tell.', asTable: 'As a table', noRun: 'No run of this county is published yet.',
}
const zh: typeof en = {
  titleOf: (county) => `县域看板：${county}`, of: (season, day) => `${season} 季，决策日 ${day}。`,
  note: (n) => `每个数字至少涉及 ${n} 户；不足者不予显示，并同时隐去同一合计中的另一项，以免倒推。`,
  parcels: '地块', area: '面积', farming: '种植户', judged: '已评判', admitted: '准入', drawn: '已支用', firstTime: '首贷', limit: '准入额度合计', ofJudged: '占已评判', few: '户数过少，不予显示',
  growers: '主体', growersChart: '从土地到贷款', crops: '作物', crop: '作物', plots: '种植单元', areaMu: '面积（亩）', yieldMu: '单产（千克/亩）', yieldKg: '总产（千克）', ripe: '成熟度', harvest: '收获日（过半）', done: '已收获（亩）',
  none: '无可评估作物', rest: '其他（户数过少）', grades: '长势等级', gradeNote: '各长势等级的面积（亩）；等级在本县同一作物之间比较。', ungraded: '未分级',
  outcomes: '决策', outcome: '结果', reasons: '原因', reason: '原因', findings: '交叉核验发现', finding: '发现', count: '条数',
  portfolio: '当前贷款组合', portfolioNone: '额度涉及户数过少，或您的角色无权查看。', limits: '额度笔数', limitSum: '额度合计', outstanding: '本金余额', interest: '截至今日利息', interestPaid: '累计付息', drawnSum: '累计支用', repaid: '累计归还本金', overdue: '逾期金额', money: '额度与支用', growersDrawn: '已支用户数', growersOverdue: '逾期户数',
  places: '乡镇与村', place: '地方', level: '级别', town: '乡镇', village: '村', largest: '最大作物', placesNone: '没有户数足够的乡镇或村。', asTable: '表格', noRun: '本县尚无已发布的运行。',
}
export const dashboardTexts = { en, zh }
