/** The binding layer: one method for each native call, its error captured in the same downcall. */
package io.github.jpopen.windows.win32;
