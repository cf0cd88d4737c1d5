// What the pages of the credit factory say.

import type { Language } from './state.ts'

const en = {
  work: 'Work', queues: 'Tasks', applications: 'Applications', collection: 'Collection', overrides: 'Overrides', reliefs: 'Relief', humanReviews: 'Human review', threshold: 'Threshold',
  kinds: { survey: 'Survey', review: 'Review', approval: 'Approval', second: 'Second approval', human_review: 'Human review', relief: 'Relief', monitor: 'Monitoring', collect: 'Collection' } as Record<string, string>,
  states: { survey: 'to survey', review: 'in review', approval: 'to approve', second: 'second approval', refusing: 'second refusal', active: 'active', frozen: 'frozen', closed: 'closed', refused: 'refused', withdrawn: 'withdrawn' } as Record<string, string>,
  acts: { apply: 'applied', survey: 'surveyed', surveyed: 'survey complete', review: 'Send to approval', approve: 'Approve', refuse: 'Refuse', send_back: 'Send back', withdraw: 'Withdraw', freeze: 'Freeze', thaw: 'Thaw', close: 'Close', reopen: 'taken up again' } as Record<string, string>,
  did: { apply: 'applied', survey: 'surveyed', surveyed: 'survey complete', review: 'reviewed', approve: 'approved', refuse: 'refused', send_back: 'sent back', withdraw: 'withdrew', freeze: 'froze', thaw: 'thawed', close: 'closed', reopen: 'took up again' } as Record<string, string>,
  purposes: { inputs: 'Seed, fertiliser, chemicals', labour: 'Hired labour', rent: 'Rent of land', machinery_hire: 'Hire of machines', other: 'Other' } as Record<string, string>,
  reasons: { records_late: 'Records came late', seen_on_site: 'Seen on site', local_knowledge: 'Local knowledge', guarantee: 'A guarantee', sales_contract: 'A sales contract', other_income: 'Other income', survey_differs: 'The survey differs', purpose_doubtful: 'The purpose is doubtful', misstated: 'Something was misstated', human_review: 'After a human review', other: 'Other' } as Record<string, string>,
  farmed: { yes: 'yes', partly: 'partly', no: 'no' } as Record<string, string>,
  condition: { good: 'good', fair: 'fair', poor: 'poor', failed: 'failed' } as Record<string, string>,
  boundary: { as_registered: 'as registered', differs: 'differs', unclear: 'not clear' } as Record<string, string>,
  open: 'open', late: 'late', mine: 'mine', within: 'within', minutes: 'min', hours: 'h', days: 'd', all: 'All', onlyMine: 'Taken by me', noTasks: 'Nothing to do here.', firstOnly: 'Only the first 200 are shown.', task: 'Task', about: 'About', age: 'Age', due: 'Due', overdueBy: 'late by', takenBy: 'Taken by', take: 'Take', giveBack: 'Give back', finish: 'Done', result: 'What came of it',
  lies: 'Land in', land: 'Land', parcels: 'parcels', noLand: 'none in the newest run', products: { season: 'Season loan', insured_season: 'Season loan with pledged insurance' } as Record<string, string>, barred: 'You took part: another person does this.', open1: 'Open', more: 'More', grower: 'Grower', asked: 'Asked for', until: 'until', purpose: 'Purpose', product: 'Product', machine: 'The machine decided', proposed: 'Proposed', state: 'State', applied: 'Applied', today: 'Today there',
  twoApprove: 'Two approve above', application: 'Application', noApplications: 'No applications.', history: 'What was done', day: 'When', who: 'Who', what: 'What', why: 'Why', whyHint: 'No names, ID numbers or phones.', amount: 'Amount, yuan', lastDay: 'Last day', reason: 'Reason', differs: 'This differs from what the machine decided: a reason, a text and a second person are needed.', lower: 'Amount, yuan (lower it if need be)',
  survey: 'Survey', seenAt: 'Seen', where: 'Place', fromLand: 'm from the nearest parcel', noPlace: 'no place', crop: 'Crop seen', farmedBy: 'Farmed by the applicant', conditionOf: 'Condition of the crop', boundaryOf: 'Boundaries', note: 'Note', photos: 'Photos', addPhotos: 'Take photos', showPhoto: 'Show photo', photoLogged: 'Each look at a photo is kept.', findPlace: 'Record the place', finding: 'Looking for the place …', placeFailed: 'The place was not found', accuracy: 'accurate to', sendSurvey: 'Finish the survey', removePhoto: 'Remove', tooLarge: 'This photo cannot be read.',
  waiting: 'Surveys on this device that wait to be sent', keptHere: 'There is no connection. The survey is kept on this device and is sent when there is one: keep this page open or open it again.', sent: 'The survey is sent.', refusedSend: 'The service refused it', discard: 'Discard', sendNow: 'Send now',
  limit: 'Limit', outstanding: 'Principal outstanding', interest: 'Interest to today', owed: 'Owed today', overdueSum: 'Overdue', rate: 'Rate a year', interestDays: 'Interest every … days', ofInterest: 'of it interest', repayBy: 'repayment due', repayHint: 'Pays interest first, then principal.', leftOver: 'Left', level: 'Water level', alert: 'nearly full from', draw: 'Book a drawing', repay: 'Book a repayment', movements: 'Drawn and repaid', drawing: 'drawn', repayment: 'repaid', overdueDays: 'Days overdue', default: 'default', noneOverdue: 'Nothing is overdue.', makeTask: 'Make a task', watch: 'Have it looked at (monitoring)', taskMade: 'The task is made.',
  askRelief: 'Ask to put it off', putOffTo: 'Put off to', policyGives: 'The credit policy gives', policyNothing: 'The credit policy gives nothing', notices: 'Notices', grant: 'Grant', refuse: 'Refuse', reliefStates: { open: 'open', granted: 'granted', refused: 'refused' } as Record<string, string>, noReliefs: 'Nobody has asked.',
  askReview: 'The grower wants a person to look again', whatHeSays: 'What the grower says', uphold: 'Uphold', overturn: 'Overturn', explanation: 'Explanation for the grower', reviewStates: { open: 'open', upheld: 'upheld', overturned: 'overturned' } as Record<string, string>, noReviews: 'Nobody has asked.', askedBy: 'asked by', decidedBy: 'decided by',
  noOverrides: 'Nobody has differed from the machine.', second: 'Second', since: 'Since then',
  proposeRule: 'Propose a threshold', confirm: 'Confirm', holds: 'holds', proposedBy: 'proposed by', confirmedBy: 'confirmed by', noRule: 'No rule: every approval takes two people.', ruleNote: 'Up to this amount one person approves, above it two. A rule holds once another person has confirmed it.',
  apply: 'Apply for this grower', applyPart: 'Application', reviewAsked: 'A person will look again: see Work, Human review.', noneYet: 'Nobody has applied for this grower.', noGrower: 'Nobody is known to farm this land.', failed: 'That did not work', openMap: 'Show the land on the map',
  problems: { unreachable: 'There is no connection: try again when there is one.', 'photo-lost': 'A photo is not on this device any more: survey again.', 'over-limit': 'That is more than the limit leaves.', 'over-paid': 'That is more than is owed today.', exists: 'There is one already.' } as Record<string, string>,
}

const zh: typeof en = {
  work: '业务', queues: '待办', applications: '申请', collection: '催收', overrides: '人工调整', reliefs: '延期纾困', humanReviews: '人工复核', threshold: '双签额度',
  kinds: { survey: '实地调查', review: '审查', approval: '审批', second: '第二人审批', human_review: '人工复核', relief: '延期纾困', monitor: '贷后监测', collect: '催收' },
  states: { survey: '待调查', review: '审查中', approval: '待审批', second: '待第二人审批', refusing: '待第二人拒绝', active: '生效', frozen: '冻结', closed: '结清', refused: '已拒绝', withdrawn: '已撤回' },
  acts: { apply: '申请', survey: '调查', surveyed: '调查完成', review: '提交审批', approve: '同意', refuse: '拒绝', send_back: '退回', withdraw: '撤回', freeze: '冻结', thaw: '解冻', close: '结清', reopen: '重新受理' },
  did: { apply: '提出申请', survey: '完成调查', surveyed: '调查齐备', review: '审查提交', approve: '同意', refuse: '拒绝', send_back: '退回', withdraw: '撤回', freeze: '冻结', thaw: '解冻', close: '结清', reopen: '重新受理' },
  purposes: { inputs: '种子、化肥、农药', labour: '雇工', rent: '土地租金', machinery_hire: '农机作业', other: '其他' },
  reasons: { records_late: '数据迟到', seen_on_site: '现场所见', local_knowledge: '本地了解', guarantee: '有担保', sales_contract: '有销售合同', other_income: '其他收入', survey_differs: '调查结果不符', purpose_doubtful: '用途存疑', misstated: '信息不实', human_review: '人工复核后', other: '其他' },
  farmed: { yes: '是', partly: '部分', no: '否' },
  condition: { good: '好', fair: '一般', poor: '差', failed: '绝收' },
  boundary: { as_registered: '与登记一致', differs: '不一致', unclear: '不清楚' },
  open: '待办', late: '超时', mine: '我的', within: '时限', minutes: '分钟', hours: '小时', days: '天', all: '全部', onlyMine: '我领取的', noTasks: '没有待办。', firstOnly: '仅显示前 200 项。', task: '任务', about: '对象', age: '已等待', due: '截止', overdueBy: '已超时', takenBy: '领取人', take: '领取', giveBack: '退还', finish: '完成', result: '处理结果',
  lies: '土地所在', land: '土地', parcels: '个地块', noLand: '最新批次中没有', products: { season: '种植贷', insured_season: '保单质押种植贷' }, barred: '您已参与此笔业务，须由他人办理。', open1: '打开', more: '更多', grower: '农户', asked: '申请', until: '至', purpose: '用途', product: '产品', machine: '系统决定', proposed: '拟定', state: '状态', applied: '申请时间', today: '业务日期',
  twoApprove: '双签额度', application: '申请', noApplications: '没有申请。', history: '办理经过', day: '时间', who: '经办', what: '事项', why: '说明', whyHint: '请勿填写姓名、证件号或电话。', amount: '金额（元）', lastDay: '到期日', reason: '原因', differs: '与系统决定不一致：须选择原因、填写说明，并由第二人审批。', lower: '金额（元，可下调）',
  survey: '实地调查', seenAt: '调查时间', where: '位置', fromLand: '米（距最近地块）', noPlace: '未定位', crop: '所见作物', farmedBy: '是否申请人经营', conditionOf: '长势', boundaryOf: '四至', note: '备注', photos: '照片', addPhotos: '拍照', showPhoto: '查看照片', photoLogged: '每次查看照片均有记录。', findPlace: '记录位置', finding: '正在定位……', placeFailed: '未能定位', accuracy: '精度', sendSurvey: '完成调查', removePhoto: '删除', tooLarge: '无法读取此照片。',
  waiting: '本机待发送的调查', keptHere: '当前没有网络。调查已保存在本机，联网后自动发送：请保持本页打开或稍后再次打开。', sent: '调查已发送。', refusedSend: '服务未接受', discard: '放弃', sendNow: '立即发送',
  limit: '额度', outstanding: '未还本金', interest: '截至今日利息', owed: '今日应还', overdueSum: '逾期金额', rate: '年利率', interestDays: '付息间隔（天）', ofInterest: '其中利息', repayBy: '还款日', repayHint: '先还利息，后还本金。', leftOver: '可用', level: '水位', alert: '预警水位', draw: '登记提款', repay: '登记还款', movements: '提款与还款', drawing: '提款', repayment: '还款', overdueDays: '逾期天数', default: '违约', noneOverdue: '没有逾期。', makeTask: '派发任务', watch: '派发贷后监测', taskMade: '任务已派发。',
  askRelief: '申请延期', putOffTo: '延期至', policyGives: '信贷政策可给予', policyNothing: '信贷政策不给予延期', notices: '灾害通知', grant: '同意', refuse: '拒绝', reliefStates: { open: '待办', granted: '已同意', refused: '已拒绝' }, noReliefs: '没有申请。',
  askReview: '农户要求人工复核', whatHeSays: '农户陈述', uphold: '维持', overturn: '撤销原决定', explanation: '给农户的说明', reviewStates: { open: '待办', upheld: '维持', overturned: '撤销' }, noReviews: '没有申请。', askedBy: '提出人', decidedBy: '决定人',
  noOverrides: '没有人工调整。', second: '第二人', since: '此后情况',
  proposeRule: '提出双签额度', confirm: '确认', holds: '生效', proposedBy: '提出人', confirmedBy: '确认人', noRule: '尚无规则：每笔审批均须两人。', ruleNote: '不超过此金额一人审批，超过须两人。规则经另一人确认后生效。',
  apply: '为该农户申请', applyPart: '申请', reviewAsked: '已提交人工复核，见“业务”中的“人工复核”。', noneYet: '该农户尚无申请。', noGrower: '未知经营者。', failed: '操作未成功', openMap: '在地图上查看土地',
  problems: {
    unreachable: '当前没有网络，请联网后重试。', 'photo-lost': '本机已没有其中一张照片，请重新调查。', 'own-work': '您已参与此笔业务，须由他人办理。', 'not-your-role': '您的角色不能办理此事。', taken: '该任务已被他人领取。', 'task-done': '该任务已完成。', stale: '内容已有变化，请重新查看。', 'over-limit': '超过可用额度。', 'over-paid': '超过未还本金。',
    'not-active': '额度未生效。', over: '额度已到期。', outstanding: '尚有未还本金。', amount: '金额不符合要求。', until: '日期不符合要求。', override: '与系统决定不一致：请选择原因并填写说明。', 'no-reason': '请填写说明（至少四个字）。', 'does-not-fit': '内容不符合要求，请勿填写证件号或电话。',
    'beyond-policy': '超出信贷政策，须由风险经理批准。', decided: '已有决定。', exists: '已有一笔进行中的申请。', 'no-such-step': '当前状态不能办理此事。', none: '没有您可以查看的内容。', photos: '照片不完整，请重试。', 'survey-open': '调查尚未完成。',
  },
}

export const workTexts = (language: Language): typeof en => (language === 'zh' ? zh : en)
export type WorkTexts = typeof en
