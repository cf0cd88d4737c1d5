// What the page of credit policies says.
const en = {
  title: 'Credit policies', lead: 'A credit policy is one file of rules. Change the text, see what it would do to the decisions of the run, and propose it; a second person releases it.',
  list: 'Credit policies of the county', name: 'Name', state: 'State', by: 'By', when: 'When', runs: 'Runs', why: 'Why', states: { in_use: 'in use', proposed: 'proposed', released: 'released', refused: 'refused' } as Record<string, string>,
  inWords: 'What it says', values: 'Every value', path: 'Value', value: 'Is', line: 'Line', file: 'Download the file', notReleased: 'Nobody has released it: there is no file yet.', changes: 'What differs from the credit policy in use', was: 'Was', will: 'Is now', notThere: 'not there', noChanges: 'Nothing differs from the credit policy in use.',
  editor: 'Try a change', editorLabel: 'The file (TOML)', simulate: 'Simulate', simulating: 'Deciding every grower again …', propose: 'Propose for release', proposeWhy: 'Why it should change', wrong: 'This is no credit policy that could be used:', denied: 'Only risk managers propose.',
  result: 'What it would do', decisions: 'Decisions', changed: 'would change', admittedNow: 'Admitted now', admittedThen: 'Admitted then', moneyNow: 'Money now', moneyThen: 'Money then', moved: 'Money that moves', matrix: 'Outcomes now (rows) and then', group: 'Group', byKind: 'By kind of grower', byLoan: 'By loans on record', byArea: 'By area that counts, mu', byVillage: 'By village', moves: 'Decisions that move', grower: 'Grower', from: 'From', to: 'To', binding: 'Bound by', reasons: 'Reasons', left: (n: number) => `${n} more, with smaller changes`, noMoves: 'No decision moves.',
  groups: { person: 'person', household: 'household', family_farm: 'family farm', coop: 'co-operative', company: 'company', unknown: 'not known', first_time: 'no loan on record', had_loans: 'had loans', '0-10': 'below 10', '10-50': '10 to 50', '50-200': '50 to 200', '200-': '200 and more', '': 'no plot' } as Record<string, string>,
  judge: 'Release or refuse', judgeWhy: 'What you looked at', release: 'Release', refuse: 'Refuse', own: 'You proposed it: a second person releases it.',
  product: (name: string, cap: string, rate: string, days: string, financed: string, haircut: string, repay: string) => `${name}: up to ${cap} at ${rate} % a year for at most ${days} days. It finances ${financed} % of the cash cost; ${haircut} % of the price counts, and ${repay} % of expected sales may go into repayments.`,
  feeds: (required: string, wanted: string) => `Without these feeds a person decides: ${required}. These are noted where missing: ${wanted}.`,
  imagery: (pixels: string, dates: string, probability: string) => `Imagery counts from ${pixels} inside pixels, ${dates} clear dates and a crop probability of ${probability} %.`,
  area: (witnesses: string) => `Of each parcel the smallest area counts that any of these vouches for: ${witnesses}.`,
  score: (base: string, admit: string, decline: string) => `The scorecard begins at ${base} points; from ${admit} up a grower is admitted, below ${decline} declined, between a person decides.`,
  checks: { decline: 'Findings that decline:', refer: 'Findings that send the decision to a person:', warn: 'Findings that warn:' } as Record<string, string>, warnings: (n: string) => `More than ${n} warnings send the decision to a person.`, overrides: (n: number) => `${n} overrides change values for some growers.`, quota: (total: string) => `County and partners allow ${total} to one grower.`, relief: (days: string) => `After a proven disaster loans may be put off by ${days} days.`,
}
const zh: typeof en = {
  title: '信贷政策', lead: '信贷政策是一个规则文件。修改文本，查看它对本次运行决策的影响，再提出发布；由第二人审核发布。',
  list: '本县的信贷政策', name: '名称', state: '状态', by: '提出人', when: '时间', runs: '运行', why: '理由', states: { in_use: '使用中', proposed: '待审核', released: '已发布', refused: '已退回' },
  inWords: '内容说明', values: '全部取值', path: '项目', value: '取值', line: '行', file: '下载文件', notReleased: '尚未发布，没有可下载的文件。', changes: '与使用中政策的差异', was: '原为', will: '现为', notThere: '无', noChanges: '与使用中的政策没有差异。',
  editor: '试改', editorLabel: '政策文件（TOML）', simulate: '模拟', simulating: '正在重新评判全部主体……', propose: '提出发布', proposeWhy: '修改理由', wrong: '该文本不能用作信贷政策：', denied: '仅风险经理可以提出。',
  result: '影响', decisions: '决策', changed: '将变化', admittedNow: '现准入', admittedThen: '改后准入', moneyNow: '现额度', moneyThen: '改后额度', moved: '变动金额', matrix: '结果：行为现在，列为改后', group: '分组', byKind: '按主体类型', byLoan: '按贷款记录', byArea: '按计入面积（亩）', byVillage: '按村', moves: '变化的决策', grower: '主体', from: '原', to: '改后', binding: '约束', reasons: '原因', left: (n) => `另有 ${n} 条变动较小`, noMoves: '没有决策变化。',
  groups: { person: '个人', household: '农户', family_farm: '家庭农场', coop: '合作社', company: '企业', unknown: '未知', first_time: '无贷款记录', had_loans: '有贷款记录', '0-10': '10 以下', '10-50': '10 至 50', '50-200': '50 至 200', '200-': '200 及以上', '': '无种植单元' },
  judge: '发布或退回', judgeWhy: '审核说明', release: '发布', refuse: '退回', own: '由您提出：须由第二人发布。',
  product: (name, cap, rate, days, financed, haircut, repay) => `${name}：最高 ${cap}，年利率 ${rate}%，最长 ${days} 天；可融资现金成本的 ${financed}%，价格按 ${haircut}% 计，预计销售额的 ${repay}% 可用于还款。`,
  feeds: (required, wanted) => `缺少以下数据时转人工：${required}；以下缺少时仅作提示：${wanted}。`,
  imagery: (pixels, dates, probability) => `影像至少需 ${pixels} 个内部像元、${dates} 个晴空日期，作物概率不低于 ${probability}%。`,
  area: (witnesses) => `每个地块取以下各方认定面积中的最小者：${witnesses}。`,
  score: (base, admit, decline) => `评分卡基础分 ${base}；${admit} 分及以上准入，低于 ${decline} 分拒绝，其间转人工。`,
  checks: { decline: '导致拒绝的发现：', refer: '转人工的发现：', warn: '仅提示的发现：' }, warnings: (n) => `提示超过 ${n} 条时转人工。`, overrides: (n) => `有 ${n} 项覆盖规则，对部分主体改变取值。`, quota: (total) => `县与合作方对单一主体的配额为 ${total}。`, relief: (days) => `经证实受灾后，贷款可展期 ${days} 天。`,
}
export const policyTexts = { en, zh }
export type PolicyTexts = typeof en
