"""What people see: pages, figures, workbooks, CSV and calendar files. A folder for each subject, over the parts that they share."""
