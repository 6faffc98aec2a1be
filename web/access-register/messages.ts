/** Words of the access register. */
const zh = {
  title: '调阅登记',
  lead: '每一次查看、调取录像的理由、内容、单位与姓名。记录不可修改。',
  empty: '还没有调阅记录',
  emptyHint: '民警在“回放”中填写登记后，会出现在这里。',
  at: '登记时间',
  person: '调阅人',
  unit: '单位',
  reason: '理由',
  caseNumber: '案（事）件编号',
  cameras: '摄像机',
  span: '录像时段',
  more: '更早的记录',
  csv: '导出 CSV',
};

const en: typeof zh = {
  title: 'Access register',
  lead: 'Reason, content, unit and name of every viewing or taking of recordings. Entries cannot be changed.',
  empty: 'No recording has been accessed yet',
  emptyHint: 'Entries made under “Playback” appear here.',
  at: 'Entered at',
  person: 'Person',
  unit: 'Unit',
  reason: 'Reason',
  caseNumber: 'Case number',
  cameras: 'Cameras',
  span: 'Span',
  more: 'Earlier entries',
  csv: 'Export CSV',
};

export const accessRegisterMessages = { zh, en };
