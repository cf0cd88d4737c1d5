// What the page of model cards says. What stands in a card stays in its own words.
const en = {
  title: 'Model cards', lead: 'What each model may be used for, how well it was measured, and where it fails. A model without a card does not load.',
  inRun: 'used in this run', notHere: 'The service does not have this file: its card lies with whoever ran the season.', approved: 'Approved', notApproved: 'not approved: no season uses it', tested: 'Tested', owner: 'Owner', licence: 'Licence', validity: 'Valid for', regions: 'Regions', seasons: 'Seasons',
  inService: 'In service: may raise a limit', experimental: 'Experimental: shown, never raise a limit', rules: 'When an answer counts', minDates: 'observed ten-day steps at least', minRadar: 'radar steps are enough without', minFamiliarity: 'familiarity at least', minProbability: 'probability at least',
  calibration: 'Calibration', ece: 'expected calibration error', familiarity: 'Familiarity', falseAlarm: 'false alarms', uncertainty: 'Uncertainty', oneSigma: 'one standard deviation is the larger of', ofValue: 'of the value', failures: 'Known failures', figures: 'Figures, held out', training: 'Trained on', file: 'File', runtimes: 'Runs in', notes: 'Notes', none: 'There are no models.',
}
const zh: typeof en = {
  title: '模型卡', lead: '每个模型可用于何处、测得的精度、已知的失效情形。没有模型卡的模型不会被加载。',
  inRun: '本次运行使用', notHere: '服务中没有该文件：模型卡在运行该季节的一方。', approved: '批准', notApproved: '未批准：任何季节均不使用', tested: '测试', owner: '负责人', licence: '许可证', validity: '适用范围', regions: '区域', seasons: '年份',
  inService: '投入使用：可提高额度', experimental: '试验：仅展示，不提高额度', rules: '结果何时有效', minDates: '旬至少有观测', minRadar: '旬雷达观测可替代', minFamiliarity: '熟悉度至少', minProbability: '概率至少',
  calibration: '校准', ece: '期望校准误差', familiarity: '熟悉度', falseAlarm: '误报率', uncertainty: '不确定性', oneSigma: '一个标准差取较大者', ofValue: '乘以数值', failures: '已知失效', figures: '留出数据上的指标', training: '训练数据', file: '文件', runtimes: '运行环境', notes: '备注', none: '没有模型。',
}
export const modelsTexts = { en, zh }
