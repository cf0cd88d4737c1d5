// What the printed decision says in both languages, beside the words of the sheet.

export const en = {
  title: 'Decision on a limit', back: 'Back to the sheet', print: 'Print', noDecision: 'The grower of this plot has no decision in this run.', grower: 'Grower', nameMasked: 'name not shown',
  county: 'County', season: 'Season', asOf: 'As of', run: 'Run', published: 'published', sample: 'made-up sample data', outcome: 'Outcome', limit: 'Limit', boundBy: 'Bound by', until: 'Until', rate: 'Yearly rate', area: 'Area that counts',
  reasons: 'Reasons', raises: 'What would raise it', plots: 'Plots', andMore: 'further plots', map: 'Outline of', north: 'N', curve: 'Season of', evidence: 'What it rests on', findings: 'Findings', noFindings: 'None.', more: 'more', restsOn: 'Rests on',
  versions: 'Versions', creditPolicy: 'Credit policy', models: 'Models', decision: 'Decision', sha: 'Evidence, SHA-256', printedBy: 'Printed by', at: 'on', officer: 'Credit officer', approver: 'Approver', applicant: 'Applicant', date: 'Date', signature: 'Signature',
  rights: 'The applicant may ask that a person reviews this decision and explains it (Personal Information Protection Law, Article 24).',
  recount: 'Whoever has the run can make this decision again from its evidence: parus replay', crops: 'Crop', yieldP50: 'Yield P50', grade: 'Grade', of: 'of', schedule: 'If drawn in full on the as-of day',
}
export type PrintTexts = typeof en

export const zh: PrintTexts = {
  title: '授信额度决定书', back: '返回田块', print: '打印', noDecision: '该批次没有此田块经营者的授信决定。', grower: '经营者', nameMasked: '姓名未显示',
  county: '县', season: '种植季', asOf: '决策日', run: '批次', published: '发布于', sample: '虚构样例数据', outcome: '结论', limit: '额度', boundBy: '约束项', until: '到期', rate: '年利率', area: '计入面积',
  reasons: '理由', raises: '怎样可以提高', plots: '田块', andMore: '其余田块', map: '图形：', north: '北', curve: '生长季：', evidence: '依据', findings: '核查发现', noFindings: '无。', more: '其余', restsOn: '依据',
  versions: '版本', creditPolicy: '授信政策', models: '模型', decision: '决定编号', sha: '证据 SHA-256', printedBy: '打印人', at: '时间', officer: '信贷员', approver: '审批人', applicant: '申请人', date: '日期', signature: '签字',
  rights: '申请人有权要求对本决定进行人工复核并予以说明（《个人信息保护法》第二十四条）。',
  recount: '持有该批次者可由其证据重新得出本决定：parus replay', crops: '作物', yieldP50: '产量 P50', grade: '等级', of: '之', schedule: '若于决策日全额支用',
}

export const printTexts = (language: 'en' | 'zh'): PrintTexts => (language === 'zh' ? zh : en)
