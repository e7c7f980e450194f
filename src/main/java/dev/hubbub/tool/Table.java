package dev.hubbub.tool;

import java.util.List;

/** Rows with their columns one below the other. */
final class Table {
    private static final String BETWEEN = "  ";

    private Table() {}

    /** @param rows of as many cells as the first has */
    static String format(List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int at = column;
                int width =
                        rows.stream().mapToInt(r -> r.get(at).length()).max().orElse(0);
                String cell = row.get(column).replaceAll("\\p{Cntrl}", "?");
                line.append(cell).append(" ".repeat(width - cell.length())).append(BETWEEN);
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString();
    }
}
