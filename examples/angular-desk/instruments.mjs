/**
 * What the simulator of the desk lists, and nothing else: a symbol that is invented is refused, as at a vendor. Prices are of
 * some day; they wander from there.
 */
export const instruments = [
  { symbol: '600000.SH', price: 9.78, name: '浦发银行', shares: 33.3e9 },
  { symbol: '600036.SH', price: 42.15, name: '招商银行', shares: 25.2e9 },
  { symbol: '600519.SH', price: 1_480, name: '贵州茅台', shares: 1.25e9 },
  { symbol: '601318.SH', price: 58.3, name: '中国平安', shares: 18.2e9 },
  { symbol: '688981.SH', price: 92.4, name: '中芯国际', shares: 8e9 },
  { symbol: '000001.SZ', price: 11.42, name: '平安银行', shares: 19.4e9 },
  { symbol: '000858.SZ', price: 126.8, name: '五粮液', shares: 3.9e9 },
  { symbol: '002594.SZ', price: 104.2, name: '比亚迪', shares: 9.1e9 },
  { symbol: '300750.SZ', price: 262.5, name: '宁德时代', shares: 4.4e9 },
  { symbol: '5.HK', price: 104.6, name: '汇丰控股', shares: 17.5e9 },
  { symbol: '700.HK', price: 608, name: '腾讯控股', shares: 9.2e9 },
  { symbol: '1810.HK', price: 52.35, name: '小米集团-W', shares: 26e9 },
  { symbol: '9988.HK', price: 152.7, name: '阿里巴巴-W', shares: 19e9 },
  { symbol: 'AAPL.US', price: 225.12, name: 'Apple', shares: 15.1e9 },
  { symbol: 'BRK.B.US', price: 470.35, name: 'Berkshire Hathaway', shares: 1.3e9 },
  { symbol: 'MSFT.US', price: 430.2, name: 'Microsoft', shares: 7.4e9 },
  { symbol: 'NVDA.US', price: 141.9, name: 'Nvidia', shares: 24.5e9 },
  { symbol: 'TSLA.US', price: 320.72, name: 'Tesla', shares: 3.2e9 },
  { symbol: 'BTCUSDT.BA', price: 92_426.53 },
  { symbol: 'ETHUSDT.BA', price: 3_034.01 },
  { symbol: 'BNBUSDT.BA', price: 884.6 },
  { symbol: 'SOLUSDT.BA', price: 142.18 },
];
