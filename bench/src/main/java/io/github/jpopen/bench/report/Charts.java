package io.github.jpopen.bench.report;

import io.github.jpopen.bench.measure.Row;
import io.github.jpopen.bench.measure.Samples;
import io.github.jpopen.bench.measure.Table;
import io.github.jpopen.bench.measure.Table.Kind;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;

/** One chart for each table: the minimum and the median of each row. */
public final class Charts {
  private static final int WIDTH = 860;
  private static final int HEIGHT = 420;
  private static final int SLANT = 30;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double BYTES_PER_MEBIBYTE = 1 << 20;

  /** A logarithmic axis cannot show 0. */
  private static final double SMALLEST = 0.001;

  /** More apart than this, small bars could not be seen on a linear axis. */
  private static final int LINEAR_SPAN = 30;

  private Charts() {}

  /** Draws all; false, with the reason on stderr, where there is nothing to draw with. */
  static boolean draw(Collection<Table> tables, Path folder) throws IOException {
    System.setProperty("java.awt.headless", "true");
    try {
      for (Table table : tables) {
        draw(table, folder.resolve(table.id()));
      }
      return true;
    } catch (InternalError | UnsatisfiedLinkError | NoClassDefFoundError e) { // no fonts
      System.err.println("No charts: " + e);
      return false;
    }
  }

  private static void draw(Table table, Path file) throws IOException {
    boolean memory = table.kind() == Kind.MEMORY;
    double unit = memory ? BYTES_PER_MEBIBYTE : NANOS_PER_MILLI;
    List<String> names = new ArrayList<>();
    List<Double> minima = new ArrayList<>();
    List<Double> medians = new ArrayList<>();
    List<Row> rows = new ArrayList<>(table.rows());
    rows.removeIf(row -> row.samples() == null);
    rows.sort(Comparator.comparingLong(Charts::min));
    for (Row row : rows) {
      Samples samples = row.samples();
      if (samples != null) {
        names.add(row.name());
        minima.add(Math.max(SMALLEST, samples.min() / unit));
        medians.add(Math.max(SMALLEST, samples.median() / unit));
      }
    }
    if (names.isEmpty()) {
      return;
    }
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(table.title().replace("`", ""))
            .yAxisTitle(memory ? "MiB" : "ms")
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.InsideNW);
    chart.getStyler().setXAxisLabelRotation(SLANT);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotGridVerticalLinesVisible(false);
    chart.getStyler().setSeriesColors(new Color[] {new Color(0x2F6DB5), new Color(0xA9C7E8)});
    if (Collections.max(medians) > LINEAR_SPAN * minima.getFirst()) {
      chart.getStyler().setYAxisLogarithmic(true);
      chart.getStyler().setYAxisMin(Math.pow(10, Math.floor(Math.log10(minima.getFirst()))));
    } else {
      chart.getStyler().setYAxisMin(0.0);
    }
    chart.addSeries("minimum", names, minima);
    chart.addSeries("median", names, medians);
    BitmapEncoder.saveBitmap(chart, file.toString(), BitmapFormat.PNG);
  }

  private static long min(Row row) {
    Samples samples = row.samples();
    return samples == null ? Long.MAX_VALUE : samples.min();
  }
}
